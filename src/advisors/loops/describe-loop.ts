import type { Finding, FindingQuery, Fix, Severity } from '../../model/finding.js';
import type { Batch, InnerLoop, Linkage, LoopStatement } from '../../model/linkage.js';
import { namedRelations } from '../../sql/named-relations.js';
import { quoteRelation } from '../../sql/quote.js';
import type { Detection, LoopEvidence } from '../advisor.js';
import { formatted } from './formatted.js';
import { savingText } from './loop-saving.js';
import { measureLoop } from './measure-loop.js';

/** What a rule says of a loop itself. */
export interface LoopWords {
  readonly ruleId: string;
  readonly class: string | null;
  readonly title: string;
  /** The first sentences; what the batch does follows. */
  readonly message: string;
}

/** Makes the finding of a loop: its statements, its figures, how it is known, and the statement in its place. */
export function describeLoop(linkage: Linkage, words: LoopWords, { workload }: LoopEvidence): Detection {
  const { child, parent } = linkage;
  const from = parent === null ? '' : `<${parent.fingerprint}`;
  return {
    kind: 'finding',
    severity: severityOf(linkage),
    class: words.class,
    key: `${words.ruleId}:${childName(linkage)}:${child.fingerprint}${from}${linkage.inner === undefined ? '' : `@${linkage.inner.routine}`}`,
    title: words.title,
    message: [words.message, roundTripText(linkage), routeText(linkage), batchText(linkage), savingText(linkage)]
      .filter((text) => text !== '')
      .join(' '),
    relations: linkage.relations.map(({ schema, name }) => `${schema}.${name}`),
    location: linkage.location ?? null,
    queries: [
      ...(parent === null ? [] : [queryOf('parent', parent, workload)]),
      queryOf(parent === null && linkage.kind === 'repeat' ? 'statement' : 'child', child, workload),
    ],
    evidence: measureLoop(linkage),
    proof: proofOf(linkage),
    fix: fixOf(linkage.batch),
  };
}

/** The table that a loop reads or changes. */
export function childName({ relations: [first] }: Linkage): string {
  return first === undefined ? 'a table' : quoteRelation(first);
}

function severityOf({ kind, parent, inner, windows }: Linkage): Severity {
  if (windows !== undefined) return 'info';
  if (inner !== undefined) return kind === 'select' ? 'warn' : 'info';
  return parent === null && kind === 'select' ? 'info' : 'warn';
}

/** `The function public.f(integer), line 5,`. */
export function routineText({ routine, line }: InnerLoop): string {
  return `The function ${routine}${line === null ? '' : `, line ${line},`}`;
}

/** Says that counters alone suggest a loop, and what would tell. */
export function suspicionText(linkage: Linkage, { windows, slope }: NonNullable<Linkage['windows']>): string {
  return (
    `While it was watched, ${childName(linkage)} ${linkage.kind === 'select' ? 'was read' : 'was written to'} about ${formatted(slope)} times for each row that a query of ${parentName(linkage)} gave, in each of ${windows} windows. ` +
    'Counters show no single call, so this may be a loop or only look like one: a log of a few minutes with log_min_duration_statement = 0 tells.'
  );
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

function roundTripText({ calls, occurrences, totalTimeMs, kind, noBatch, inner, windows }: Linkage): string {
  if (windows !== undefined) return '';
  if (inner !== undefined)
    return `Its ${calls} calls took ${formatted(inner.totalTimeMs)} ms; one statement over all rows, outside of the loop, would do.`;
  const took = totalTimeMs === null ? '' : `, took ${formatted(totalTimeMs)} ms on the server`;
  const loops = occurrences === 1 ? 'That loop' : `${occurrences} such loops`;
  if (noBatch !== undefined) return `${loops} made ${calls} round trips${took}.`;
  const would =
    kind === 'repeat'
      ? `${occurrences} would do`
      : `${occurrences} ${occurrences === 1 ? 'batch' : 'batches'} would do`;
  return `${loops} made ${calls} round trips${took}; ${would}.`;
}

function routeText({ routes = [] }: Linkage): string {
  const [first] = routes;
  if (first === undefined) return '';
  const others =
    routes.length === 1 ? '' : ` and ${routes.length - 1} other ${routes.length === 2 ? 'route' : 'routes'}`;
  return `It is called from ${first}${others}.`;
}

function batchText({ batch, noBatch, kind }: Linkage): string {
  if (batch === null) return noBatch === undefined ? '' : `No one statement is known to do the same: ${noBatch}.`;
  const { verdict } = batch;
  const isWrite = kind !== 'select' && kind !== 'repeat';
  if (verdict.kind === 'not run') return `A batch is suggested that was not run: ${verdict.reason}.`;
  if (verdict.kind !== 'equal')
    return `The batch that was tried ${isWrite ? 'left' : 'gave'} other rows than the loop (${verdict.reason}), so it is withheld.`;
  const figures = `${formatted(verdict.loopMs)} ms as a loop and ${formatted(verdict.batchMs)} ms as a batch`;
  const did = isWrite ? 'left' : 'gave';
  const on = batch.keys === 'sampled' ? `${verdict.ranOn} with keys from there` : verdict.ranOn;
  return `The batch ${did} the same ${verdict.rows} rows as ${verdict.calls} calls of the loop on ${on}: ${figures}.`;
}

function queryOf(
  role: FindingQuery['role'],
  statement: LoopStatement,
  workload: LoopEvidence['workload'],
): FindingQuery {
  const known = workload.statements.filter(({ fingerprint }) => fingerprint === statement.fingerprint);
  return {
    ...{ role, fingerprint: statement.fingerprint, text: statement.text },
    calls: known.reduce((sum, { calls }) => sum + calls, 0),
    totalTimeMs: known.reduce((sum, { totalTimeMs }) => sum + (totalTimeMs ?? 0), 0),
    ...{ costBefore: null, costAfter: null, planBefore: null, planAfter: null },
  };
}

function proofOf({ parent, chance, scope, calls, linkedBy, trace, inner, windows }: Linkage): Finding['proof'] {
  if (inner !== undefined) return innerProof(inner);
  if (windows !== undefined) return windowProof(windows);
  const within = `${SCOPE_WORDS[scope]}${trace === undefined ? '' : ` (${trace} the longest)`}`;
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
    method: linkedBy === 'recording' ? 'values seen on the connection' : 'the parent run again read-only',
    detail: `${calls} calls within ${within} bear values of its rows, each row’s at most once; the probability that values agree so by chance is ${odds}`,
  };
}

function innerProof({ calls, callsMost, occurrences, source }: InnerLoop): Finding['proof'] {
  const rows = source === null || source.rows === null ? '' : `; the query of its FOR loop gave ${source.rows} rows`;
  const times = occurrences === 1 ? 'one call' : `${occurrences} calls`;
  return {
    grade: 'counted',
    method: 'plans counted',
    detail: `${calls} plans of it were logged within ${times} of the client’s, up to ${callsMost} within one${rows}`,
  };
}

function windowProof({ windows, windowMs, correlation, partial }: NonNullable<Linkage['windows']>): Finding['proof'] {
  return {
    grade: 'suspected',
    method: 'pg_stat_statements over windows',
    detail: `over ${windows} windows of ${windowMs / 1000} s its calls follow those rows (r = ${correlation.toFixed(2)}, and ${partial.toFixed(2)} once that query’s calls are known); no single call was seen`,
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
