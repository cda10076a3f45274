import type { Advisor } from '../advisors/advisor.js';
import { advisors } from '../advisors/index.js';
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
    const [id] = operands;
    await writeResult(id === undefined ? listRules() : renderRulePage(find(id)), undefined);
    return 0;
  },
};

function listRules(): string {
  const width = Math.max(...advisors.map((advisor) => advisor.id.length));
  return `${advisors.map((advisor) => `${advisor.id.padEnd(width)}  ${advisor.severity.padEnd(5)}  ${advisor.title}`).join('\n')}\n`;
}

function find(id: string): Advisor {
  const advisor = advisors.find((candidate) => candidate.id === id);
  if (advisor !== undefined) return advisor;
  throw new StewardError('usage', `there is no rule ${JSON.stringify(id)}`, { hint: 'pgsteward rules lists them all' });
}
