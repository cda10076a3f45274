import type { Linkage } from '../model/linkage.js';
import type { Detection, LoopAdvisor, LoopEvidence } from './advisor.js';
import {
  childName,
  describeLoop,
  keyText,
  parentName,
  routineText,
  suspicionText,
  timesText,
} from './loops/describe-loop.js';

/** Reports each query that is run once for each row of another. */
export const nPlusOne: LoopAdvisor = {
  id: 'n-plus-one',
  title: 'N+1 queries',
  severity: 'warn',
  docs: {
    what: 'A query is run once for each row of another one: its values stand in that one’s result. One query for all rows gives the same.',
    why: 'Each call costs a round trip, parsing and planning; with a hundred rows that is tens of milliseconds where one batch needs less than one, and it grows with every row.',
    limits:
      'Needs single calls with their values: a recording of pgsteward tap, which holds results too, or a log with log_min_duration_statement = 0 or log_statement = all; of a trace without values loops are counted alone, and with --watch counters alone are compared, which makes a suspicion and no more. From a log the parent is run again, read-only, on today’s rows; one that calls a volatile function, locks rows, or whose parameters were not logged or were cut is not. Loops whose calls go to several connections are found by time and values, which small tables do not tell apart; where nearly all loops of a log keep to their connections, time alone links none. A loop whose parent is not known is reported only where ten calls by different keys share a transaction or a trace. Loops inside of functions and triggers show where auto_explain logs nested statements; there a plan tells how many rows the FOR loop’s query gave. Pages, chunks, ranges, repeated values and walks of a tree are none; for the last, WITH RECURSIVE reads the tree at once.',
    sources: [
      'https://www.postgresql.org/docs/current/functions-comparisons.html#FUNCTIONS-COMPARISONS-ANY-SOME',
      'https://www.postgresql.org/docs/current/queries-table-expressions.html#QUERIES-LATERAL',
      'https://www.postgresql.org/docs/current/runtime-config-logging.html',
    ],
  },
  async detect(evidence: LoopEvidence): Promise<readonly Detection[]> {
    return evidence.linkages
      .filter(({ kind }) => kind === 'select')
      .map((linkage) => describeLoop(linkage, wordsOf(linkage), evidence));
  },
};

function wordsOf(linkage: Linkage) {
  const child = childName(linkage);
  const ruleId = 'n-plus-one';
  if (linkage.windows !== undefined) {
    const title = `${child} may be read once for each row of ${parentName(linkage)}`;
    return { ruleId, class: 'plain', title, message: suspicionText(linkage, linkage.windows) };
  }
  if (linkage.inner !== undefined) {
    const { inner } = linkage;
    const source = linkage.parent === null ? '' : ` It goes through the rows of ${parentName(linkage)}.`;
    const message = `${routineText(inner)} reads ${child} ${timesText(linkage)} within one call of the client’s.${source}`;
    return { ruleId, class: 'in-database', title: `A loop in ${inner.routine} reads ${child} row by row`, message };
  }
  if (linkage.parent === null) {
    const key = linkage.keys.map(({ column }) => column).join(', ');
    const values =
      linkage.valueForm === 'absent' ? 'by values that the trace does not hold' : 'each time for another value';
    const message = `${child} is read ${timesText(linkage)} by ${key}, ${values}, within one ${linkage.scope}.`;
    return { ruleId, class: classOf(linkage), title: `A loop reads ${child} key by key`, message };
  }
  const parent = parentName(linkage);
  const nested = linkage.isNested ? ' That query runs in a loop itself.' : '';
  return {
    ruleId,
    class: classOf(linkage),
    title: `N+1: ${child} is read once for each row of ${parent}`,
    message: `One query of ${parent} is followed ${timesText(linkage)} by a query of ${child}: ${keyText(linkage)}.${nested}`,
  };
}

function classOf({ isNested, isThroughJunction }: Linkage): string {
  if (isThroughJunction) return 'm-n-plus-one';
  return isNested ? 'nested' : 'plain';
}
