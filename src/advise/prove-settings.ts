import type { SettingTrial } from '../advisors/advisor.js';
import { messageOf, sqlStateOf } from '../errors.js';
import type { Finding, Measurement } from '../model/finding.js';
import type { PlanNode } from '../model/plan.js';
import type { StatementBinding } from '../model/workload.js';
import { parsePlan } from '../postgres/explain.js';
import type { Session } from '../postgres/session.js';
import type { ProofRequest } from '../proof/prove.js';
import { parseStatement } from '../sql/parse.js';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.js';
import type { Detected } from './detect.js';
import { type Attempt, proveEach } from './prove-each.js';

/** An estimate within this factor of the truth, or nearer to it by this factor than before, is what was wanted. */
const NEAR = 10;
/** ANALYZE of a large table, with a sample ten times as large. */
const FIX_TIMEOUT_MS = 600_000;
const BYTES_PER_BLOCK = 8192;

/**
 * Runs fixes that change statistics or settings on the scratch database, looks at what they bring, and takes them back.
 * A finding whose fix brings what it is to bring becomes `executed`; from one whose fix does not it is taken away, and
 * one of which nothing is true on that database is withheld and told.
 */
export async function proveSettings(detected: Detected, request: ProofRequest): Promise<Detected> {
  return proveEach(detected, request, {
    trials: detected.settingTrials,
    prove: (finding, attempt) => prove(finding, { ...attempt, statementTimeoutMs: request.statementTimeoutMs }),
  });
}

interface Trying extends Attempt<SettingTrial> {
  readonly statementTimeoutMs: number;
}

/** What was seen before the fix and with it, or why nothing was. */
type Seen = { readonly before: number; readonly after: number } | { readonly refusal: string };

async function prove(finding: Finding, trying: Trying): Promise<Finding | string> {
  const steps = finding.fix?.sql.map(({ sql }) => sql) ?? [];
  const { trial, measuredOn } = trying;
  const seen = await look(steps, trying);
  if ('refusal' in seen) return { ...finding, message: `${finding.message} It was not tried: ${seen.refusal}.` };
  return trial.kind === 'rows'
    ? judgedByRows(finding, { ...seen, measuredOn, rowsGiven: trial.rowsGiven ?? 0 })
    : judgedByFiles(finding, { ...seen, measuredOn });
}

async function look(steps: readonly string[], { session, trial, statementTimeoutMs }: Trying): Promise<Seen> {
  const limit = `SET LOCAL statement_timeout = ${Math.ceil(statementTimeoutMs)}`;
  const { bindings, kind, settings = [] } = trial;
  const own = settings.map(({ name, value }) => `SET LOCAL ${quoteIdentifier(name)} = ${quoteLiteral(value)}`);
  const measure = kind === 'rows' ? rowsExpected : bytesWritten;
  await session.script(`BEGIN; ${limit}`);
  try {
    if (own.length > 0) await session.script(own.join('; '));
    const before = await measure(session, bindings);
    await session.script(`SET LOCAL statement_timeout = ${FIX_TIMEOUT_MS}; ${steps.join('; ')}; ${limit}`);
    return { before, after: await measure(session, bindings) };
  } catch (error) {
    const state = sqlStateOf(error);
    // The end of the session or of the server is no answer about a statement.
    if (state === null || state.startsWith('57P')) throw error;
    return { refusal: messageOf(error) };
  } finally {
    await session.query('ROLLBACK');
  }
}

async function rowsExpected(session: Session, bindings: readonly StatementBinding[]): Promise<number> {
  let rows = 0;
  for (const { sql, share } of bindings) rows += share * (await explained(session, sql, 'COSTS')).rowsEstimate;
  return rows;
}

/** Of the values with which most is written. */
async function bytesWritten(session: Session, bindings: readonly StatementBinding[]): Promise<number> {
  let blocks = 0;
  for (const { sql } of bindings) {
    await session.query('SAVEPOINT run');
    const { details } = await explained(session, sql, 'ANALYZE, BUFFERS, TIMING OFF');
    await session.query('ROLLBACK TO SAVEPOINT run');
    blocks = Math.max(blocks, Number(details['Temp Written Blocks'] ?? 0));
  }
  return blocks * BYTES_PER_BLOCK;
}

async function explained(session: Session, sql: string, options: string): Promise<PlanNode> {
  const { rows } = await session.query(`EXPLAIN (${options}, FORMAT JSON) ${parseStatement(sql).text}`);
  return parsePlan(rows[0]?.['QUERY PLAN']);
}

interface Judging {
  readonly before: number;
  readonly after: number;
  readonly measuredOn: string;
}

function judgedByRows(finding: Finding, seen: Judging & { readonly rowsGiven: number }): Finding {
  const { before, after, measuredOn, rowsGiven } = seen;
  const factor = (rows: number) => Math.max(rows, rowsGiven, 1) / Math.max(1, Math.min(rows, rowsGiven));
  const brings = factor(after) <= NEAR || factor(after) * NEAR <= factor(before);
  const words = `on ${measuredOn} the planner expects ${text(before)} rows before the fix and ${text(after)} with it`;
  if (!brings)
    return { ...finding, message: `${finding.message} That was tried, and does not help: ${words}.`, fix: null };
  return executed(finding, {
    ...seen,
    words,
    measured: ['rows that the planner expects', 'rows'],
  });
}

function judgedByFiles(finding: Finding, seen: Judging): Finding | string {
  const { before, after, measuredOn } = seen;
  const words = `on ${measuredOn} a call writes ${text(before / 1024)} kB to temporary files as it is and ${text(after / 1024)} kB with the fix`;
  if (before === 0) return `${finding.key} is withheld: ${words}`;
  if (after > 0) return { ...finding, message: `${finding.message} That was tried, and is not enough: ${words}.` };
  return executed(finding, { ...seen, words, measured: ['written to temporary files', 'bytes'] });
}

function executed(
  finding: Finding,
  seen: Judging & { readonly words: string; readonly measured: readonly [string, Measurement['unit']] },
): Finding {
  const { before, after, measuredOn, words, measured } = seen;
  const [name, unit] = measured;
  return {
    ...finding,
    message: `${finding.message} Tried: ${words}.`,
    evidence: [
      ...finding.evidence,
      { name: `${name}, before`, value: before, unit, source: measuredOn },
      { name: `${name}, with the fix`, value: after, unit, source: measuredOn },
    ],
    proof: { grade: 'executed', method: measuredOn, detail: `${words}; all was rolled back. ${finding.proof.detail}` },
  };
}

function text(count: number): string {
  return Math.round(count).toLocaleString('en-US');
}
