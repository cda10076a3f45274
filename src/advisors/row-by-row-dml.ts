import type { Linkage, LoopKind } from '../model/linkage.js';
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

/** Reports each statement that writes one row a call in a loop. */
export const rowByRowDml: LoopAdvisor = {
  id: 'row-by-row-dml',
  title: 'Row-by-row writes',
  severity: 'warn',
  docs: {
    what: 'A loop inserts, updates or deletes one row a call, where one statement could write all of them.',
    why: 'Each call costs a round trip, and without a transaction around the loop a flush of the WAL too: a thousand inserts take tens of milliseconds on one machine, over a network seconds, and one INSERT … SELECT FROM unnest about one.',
    limits:
      'Counted are ten calls by different values in one transaction or trace, or twenty of one session with nothing between them and hardly a pause. A batch is run beside the loop only on a copy with rows (--scratch-url), and rolled back there. It is one statement: it fails as a whole, and triggers see one statement. Of several changes of one row it keeps the last, or of an upsert what all of them come to (sums, counts, extremes); where that is not known, the finding says so and shows none.',
    sources: [
      'https://www.postgresql.org/docs/current/populate.html',
      'https://www.postgresql.org/docs/current/sql-insert.html',
      'https://www.postgresql.org/docs/current/functions-array.html',
    ],
  },
  async detect(evidence: LoopEvidence): Promise<readonly Detection[]> {
    return evidence.linkages.flatMap((linkage) => {
      const verb = VERBS[linkage.kind];
      return verb === undefined ? [] : [describeLoop(linkage, wordsOf(linkage, verb), evidence)];
    });
  },
};

const VERBS: Readonly<Partial<Record<LoopKind, string>>> = {
  insert: 'inserted into',
  update: 'updated',
  delete: 'deleted from',
  upsert: 'upserted into',
};

function wordsOf(linkage: Linkage, verb: string) {
  const child = childName(linkage);
  if (linkage.windows !== undefined) {
    const title = `${child} may be ${verb} once for each row of ${parentName(linkage)}`;
    return { ruleId: 'row-by-row-dml', class: linkage.kind, title, message: suspicionText(linkage, linkage.windows) };
  }
  const linked =
    linkage.parent === null || linkage.inner !== undefined
      ? ''
      : ` It goes through the rows of ${parentName(linkage)}: ${keyText(linkage)}.`;
  return {
    ruleId: 'row-by-row-dml',
    class: linkage.kind,
    title: `${child} is ${verb} row by row`,
    message: `${linkage.inner === undefined ? 'A loop' : routineText(linkage.inner)} has ${child} ${verb} ${timesText(linkage)}, one row a call.${linked}${copyText(linkage)}`,
  };
}

/** Where rows are so many that they come from a file or from memory, and not from a form. */
const COPY_CALLS_LEAST = 200;

function copyText({ kind, callsMost, inner }: Linkage): string {
  const isImport = kind === 'insert' && inner === undefined && callsMost >= COPY_CALLS_LEAST;
  return isImport ? ' So many rows go in quickest by COPY.' : '';
}
