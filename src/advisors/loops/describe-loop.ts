import type { Finding, FindingQuery, Fix, Measurement } from '../../model/finding.js';
import type { Batch, Linkage, LoopStatement } from '../../model/linkage.js';
import { namedRelations } from '../../sql/named-relations.js';
import { quoteRelation } from '../../sql/quote.js';
import type { Detection, Evidence } from '../advisor.js';

const SOURCE = 'calls as they were logged';

/** What a rule says of a loop itself. */
export interface LoopWords {
  readonly ruleId: string;
  readonly class: string | null;
  readonly title: string;
  /** The first sentences; what the batch does follows. */
  readonly message: string;
}

/** Makes the finding of a loop: its statements, its figures, how it is known, and the statement in its place. */
export function describeLoop(linkage: Linkage, words: LoopWords, { workload }: Evidence): Detection {
  const { child, parent } = linkage;
  const from = parent === null ? '' : `<${parent.fingerprint}`;
  return {
    kind: 'finding',
    severity: parent === null && linkage.kind === 'select' ? 'info' : 'warn',
    class: words.class,
    key: `${words.ruleId}:${childName(linkage)}:${child.fingerprint}${from}`,
    title: words.title,
    message: [words.message, roundTripText(linkage), batchText(linkage.batch)].filter((text) => text !== '').join(' '),
    relations: linkage.relations.map(({ schema, name }) => `${schema}.${name}`),
    location: null,
    queries: [
      ...(parent === null ? [] : [queryOf('parent', parent, workload)]),
      queryOf(parent === null && linkage.kind === 'repeat' ? 'statement' : 'child', child, workload),
    ],
    evidence: measurementsOf(linkage),
    proof: proofOf(linkage),
    fix: fixOf(linkage.batch),
  };
}

/** The table that a loop reads or changes. */
export function childName({ relations: [first] }: Linkage): string {
  return first === undefined ? 'a table' : quoteRelation(first);
}

/** The tables whose rows a loop goes through. */
export function parentName({ parent }: Linkage): string {
  const names = parent === null ? [] : namedRelations(parent.text).map(quoteRelation);
  return names[0] ?? 'another query';
}

/** `20 times`, `3 to 20 times`. */
export function timesText({ calls, callsMost, occurrences }: Linkage): string {
  if (calls === occurrences * callsMost) return `${callsMost} times`;
  return `${formatted(calls / occurrences)} times on average and up to ${callsMost} times`;
}

/** `its order_id is the query’s public.orders.id`. */
export function keyText({ keys }: Linkage): string {
  const linked = keys.filter(({ source }) => source !== null);
  return linked
    .map(
      ({ number, column, source }) =>
        `its $${number}${column === null ? '' : ` (${column})`} is that query’s ${source}`,
    )
    .join(', and ');
}

function roundTripText({ calls, occurrences, totalTimeMs, kind }: Linkage): string {
  const took = totalTimeMs === null ? '' : `, took ${formatted(totalTimeMs)} ms on the server`;
  const loops = occurrences === 1 ? 'That loop' : `${occurrences} such loops`;
  const would =
    kind === 'repeat'
      ? `${occurrences} would do`
      : `${occurrences} ${occurrences === 1 ? 'batch' : 'batches'} would do`;
  return `${loops} made ${calls} round trips${took}; ${would}.`;
}

function batchText(batch: Batch | null): string {
  if (batch === null) return '';
  const { verdict } = batch;
  if (verdict.kind === 'not run') return `A batch is suggested that was not run: ${verdict.reason}.`;
  if (verdict.kind !== 'equal')
    return `The batch that was tried gave other rows than the loop (${verdict.reason}), so it is withheld.`;
  const figures = `${formatted(verdict.loopMs)} ms as a loop and ${formatted(verdict.batchMs)} ms as a batch`;
  return `The batch gave the same ${verdict.rows} rows as ${verdict.calls} calls of the loop on ${verdict.ranOn}: ${figures}.`;
}

function queryOf(role: FindingQuery['role'], statement: LoopStatement, workload: Evidence['workload']): FindingQuery {
  const known = workload.statements.filter(({ fingerprint }) => fingerprint === statement.fingerprint);
  return {
    ...{ role, fingerprint: statement.fingerprint, text: statement.text },
    calls: known.reduce((sum, { calls }) => sum + calls, 0),
    totalTimeMs: known.reduce((sum, { totalTimeMs }) => sum + (totalTimeMs ?? 0), 0),
    ...{ costBefore: null, costAfter: null, planBefore: null, planAfter: null },
  };
}

function measurementsOf(linkage: Linkage): readonly Measurement[] {
  const { calls, callsMost, occurrences, totalTimeMs, batch } = linkage;
  const verdict = batch?.verdict;
  const measured = (name: string, value: number, unit: Measurement['unit'], source = SOURCE) => ({
    name,
    value,
    unit,
    source,
  });
  return [
    measured('calls an occurrence', calls / occurrences, 'calls'),
    measured('calls of the longest occurrence', callsMost, 'calls'),
    measured('occurrences', occurrences, 'calls'),
    measured('round trips', calls, 'calls'),
    ...(totalTimeMs === null ? [] : [measured('time of the loops', totalTimeMs, 'ms')]),
    ...(verdict?.kind !== 'equal'
      ? []
      : [
          measured('time of one loop, without round trips saved', verdict.loopMs, 'ms', verdict.ranOn),
          measured('time of the batch', verdict.batchMs, 'ms', verdict.ranOn),
        ]),
    ...savedBy(linkage).map((value) =>
      measured('time saved', value, 'ms', 'time of the loops by what the batch was quicker'),
    ),
  ];
}

function savedBy({ totalTimeMs, batch }: Linkage): readonly number[] {
  const verdict = batch?.verdict;
  if (verdict?.kind !== 'equal' || totalTimeMs === null || !(verdict.loopMs > verdict.batchMs)) return [];
  return [totalTimeMs * (1 - verdict.batchMs / verdict.loopMs)];
}

function proofOf({ parent, chance, scope, calls }: Linkage): Finding['proof'] {
  const within = SCOPE_WORDS[scope];
  if (parent === null) {
    return {
      grade: 'counted',
      method: 'calls counted',
      detail: `${calls} calls within ${within}; what they go through is not known`,
    };
  }
  const odds = chance === null || chance < 1e-12 ? 'less than 1 in 10¹²' : `at most ${chance.toPrecision(1)}`;
  return {
    grade: 'linked',
    method: 'the parent run again read-only',
    detail: `${calls} calls within ${within} bear values of its rows, each row’s at most once; the probability that values agree so by chance is ${odds}`,
  };
}

const SCOPE_WORDS: Readonly<Record<Linkage['scope'], string>> = {
  trace: 'one trace each',
  transaction: 'one transaction each',
  session: 'one session each',
  time: 'seconds, on several connections',
};

function fixOf(batch: Batch | null): Fix | null {
  if (batch === null || batch.verdict.kind === 'differs') return null;
  const sql = [{ sql: batch.sql, transactional: true, lockTimeoutMs: 0, hazards: batch.hazards }];
  return { kind: 'batch', sql: batch.hazards.length === 0 ? [] : sql, undo: [], rewrittenQuery: batch.sql, files: [] };
}

function formatted(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}
