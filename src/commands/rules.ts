import type { Advisor } from '../advisors/advisor.js';
import { StewardError } from '../errors.js';
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
    const { advisors } = await import('../advisors/index.js');
    await writeResult(id === undefined ? listRules(advisors) : renderRulePage(find(advisors, id)), undefined);
    return 0;
  },
};

function listRules(advisors: readonly Advisor[]): string {
  const width = Math.max(...advisors.map((advisor) => advisor.id.length));
  return `${advisors.map((advisor) => `${advisor.id.padEnd(width)}  ${advisor.severity.padEnd(5)}  ${advisor.title}`).join('\n')}\n`;
}

function find(advisors: readonly Advisor[], id: string): Advisor {
  const advisor = advisors.find((candidate) => candidate.id === id);
  if (advisor !== undefined) return advisor;
  throw new StewardError('usage', `there is no rule ${JSON.stringify(id)}`, { hint: 'pgsteward rules lists them all' });
}
