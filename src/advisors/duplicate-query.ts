import type { Linkage } from '../model/linkage.js';
import type { Detection, LoopAdvisor, LoopEvidence } from './advisor.js';
import { childName, describeLoop, timesText } from './loops/describe-loop.js';

/** Reports each query that asks for the same several times over. */
export const duplicateQuery: LoopAdvisor = {
  id: 'duplicate-query',
  title: 'Duplicate query',
  severity: 'info',
  docs: {
    what: 'A query is run again and again with the same values within one transaction, one trace, or one unbroken run of a session.',
    why: 'The answer is known already; every further call costs a round trip and the server’s time.',
    limits:
      'Counted are five calls. A transaction may have changed the rows between two of them: then the second call has its reason, which the rule does not look into. Queries that lock rows are left out, and so is the same query at longer intervals, which is a poll.',
    sources: ['https://www.postgresql.org/docs/current/transaction-iso.html'],
  },
  async detect(evidence: LoopEvidence): Promise<readonly Detection[]> {
    return evidence.linkages
      .filter(({ kind }) => kind === 'repeat')
      .map((linkage) => describeLoop(linkage, wordsOf(linkage), evidence));
  },
};

function wordsOf(linkage: Linkage) {
  const table = childName(linkage);
  return {
    ruleId: 'duplicate-query',
    class: null,
    title: `The same query of ${table} is run again and again`,
    message: `${table} is read ${timesText(linkage)} with the same values within one ${linkage.scope}.`,
  };
}
