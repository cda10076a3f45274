import { StewardError } from '../errors.js';
import type { Rule } from '../model/rule.js';
import { renderRulePage } from '../report/rules/markdown.js';
import type { Command } from './command.js';

/** `pgsteward rules [ID]`: every rule, or one rule's page. */
export const rulesCommand: Command = {
  name: 'rules',
  summary: 'list every rule, or print one rule’s page',
  section: null,
  operands: '[ID]',
  async run({ operands, writeResult }) {
    const [id, ...others] = operands;
    if (others.length > 0) {
      throw new StewardError('usage', `pgsteward rules takes one ID, not ${operands.length}`, {
        hint: 'name one of them; pgsteward rules lists them all',
      });
    }
    const [{ advisors }, { lintRules }] = await Promise.all([
      import('../advisors/index.js'),
      import('../migrate/rules/index.js'),
    ]);
    // What is found in a database and in migrations alike is one rule.
    const rules: readonly Rule[] = [...new Map([...advisors, ...lintRules].map((rule) => [rule.id, rule])).values()];
    await writeResult(id === undefined ? listRules(rules) : renderRulePage(find(rules, id)), undefined);
    return 0;
  },
};

function listRules(rules: readonly Rule[]): string {
  const width = Math.max(...rules.map((rule) => rule.id.length));
  return `${rules.map((rule) => `${rule.id.padEnd(width)}  ${rule.severity.padEnd(5)}  ${rule.title}`).join('\n')}\n`;
}

function find(rules: readonly Rule[], id: string): Rule {
  const rule = rules.find((candidate) => candidate.id === id);
  if (rule !== undefined) return rule;
  throw new StewardError('usage', `there is no rule ${JSON.stringify(id)}`, { hint: 'pgsteward rules lists them all' });
}
