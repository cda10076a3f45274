import type { Node } from '@pgsql/types';
import type { Batch } from '../model/linkage.js';
import type { RelationName } from '../model/relation-name.js';
import { serverVersion } from '../postgres/server-version.js';
import type { Session } from '../postgres/session.js';
import type { WriteBatch } from '../sql/batch/batch-or-reason.js';
import { returningRows } from '../sql/batch/returning.js';
import { parseStatement } from '../sql/parse.js';
import { batchValues, CALLS_RUN_MOST, type RecordedLoop, refusalOf } from './recorded-loop.js';
import { differenceOf, type Unstable, unstableColumns, type Written } from './written-difference.js';
import {
  type Rows,
  readLeft,
  readOtherCounts,
  readOthers,
  readWrittenTable,
  rowsOf,
  triggersHazard,
  type WrittenTable,
} from './written-rows.js';

/** A loop of one write as it was recorded. */
export interface RecordedWriteLoop extends RecordedLoop {
  readonly tree: Node;
  /** The table that it writes to. */
  readonly relation: RelationName;
}

type Verdict = Pick<Batch, 'verdict' | 'hazards'>;

/**
 * Runs a loop of writes and its batch on a copy of the database, each rolled back, and compares what they leave: the
 * rows that they change, and how many rows triggers and cascades change elsewhere. What a second run of the loop itself
 * does otherwise, such as numbers of a sequence, is left out.
 */
export async function proveWriteBatch(
  session: Session,
  loop: RecordedWriteLoop,
  options: { readonly batch: WriteBatch; readonly statementTimeoutMs: number },
): Promise<Verdict> {
  const { batch, statementTimeoutMs } = options;
  await session.script(
    `BEGIN ISOLATION LEVEL REPEATABLE READ; SET LOCAL statement_timeout = ${Math.ceil(statementTimeoutMs)}`,
  );
  try {
    const table = await readWrittenTable(session, loop.relation);
    if (table === null) return notRun(batch, `${loop.relation.schema}.${loop.relation.name} is no table of the copy`);
    return await new WriteProof(session, { table, loop, batch }).run();
  } catch (error) {
    return notRun(batch, refusalOf(error));
  } finally {
    await session.query('ROLLBACK');
  }
}

function notRun({ hazards }: WriteBatch, reason: string): Verdict {
  return { hazards, verdict: { kind: 'not run', reason } };
}

interface ProofParts {
  readonly table: WrittenTable;
  readonly loop: RecordedWriteLoop;
  readonly batch: WriteBatch;
}

/** One transaction's worth of running a loop and its batch. */
class WriteProof {
  private readonly session: Session;
  private readonly parts: ProofParts;

  constructor(session: Session, parts: ProofParts) {
    this.session = session;
    this.parts = parts;
  }

  async run(): Promise<Verdict> {
    const { table, batch } = this.parts;
    const { taken, refusals } = await this.takenCalls();
    const [refusal] = refusals;
    if (taken.calls.length === 0) return notRun(batch, `each call is refused on the copy: ${refusal ?? 'no call'}`);
    const looped = await this.undone(() => this.loop(taken));
    const again = await this.undone(() => this.loop(taken));
    if (looped.rows.length === 0)
      return notRun(batch, 'the calls change no row of the copy; take one from before them');
    const batched = await this.tryBatch(taken);
    if (typeof batched === 'string') return { hazards: batch.hazards, verdict: { kind: 'differs', reason: batched } };
    const unstable = unstableColumns(looped, again);
    const reason = this.orderMatters(looped) ?? differenceOf(looped, batched, unstable);
    if (reason !== null) return { hazards: batch.hazards, verdict: { kind: 'differs', reason } };
    const hazards = [
      ...batch.hazards,
      ...hazardsOf({ table, refusals, unstable, looped, calls: this.parts.loop.calls.length }),
    ];
    const loopMs = Math.min(looped.durationMs, again.durationMs);
    const batchMs = Math.min(batched.durationMs, (await this.undone(() => this.batch(taken))).durationMs);
    const ranOn = `scratch ${await serverVersion(this.session)}`;
    const { length: calls } = taken.calls;
    return { hazards, verdict: { kind: 'equal', ranOn, calls, rows: looped.rows.length, loopMs, batchMs } };
  }

  /** One UPDATE changes a row once, by whichever of its matches it meets first: that it met the right one was chance. */
  private orderMatters({ isTwice }: Written): string | null {
    const { loop, batch } = this.parts;
    return isTwice && 'UpdateStmt' in loop.tree && batch.keepsLast !== true
      ? 'calls of the loop change one row several times, where one statement does it once'
      : null;
  }

  /** A call that the copy refuses by itself, such as a row that is there by now, says nothing about the batch. */
  private async takenCalls(): Promise<{ readonly taken: RecordedLoop; readonly refusals: readonly string[] }> {
    const { loop } = this.parts;
    const refusals: string[] = [];
    const calls: RecordedLoop['calls'][number][] = [];
    await this.undone(async () => {
      for (const values of loop.calls.slice(0, CALLS_RUN_MOST)) {
        const refusal = await this.refusalOf(values);
        if (refusal === null) calls.push(values);
        else refusals.push(refusal);
      }
    });
    return { taken: { ...loop, calls }, refusals };
  }

  private async refusalOf(values: RecordedLoop['calls'][number]): Promise<string | null> {
    await this.session.script('SAVEPOINT called; SET CONSTRAINTS ALL IMMEDIATE');
    try {
      await this.session.queryTexts(this.parts.loop.text, values);
      await this.session.query('RELEASE SAVEPOINT called');
      return null;
    } catch (error) {
      const refusal = refusalOf(error);
      await this.session.script('ROLLBACK TO SAVEPOINT called; RELEASE SAVEPOINT called');
      return refusal;
    }
  }

  private loop(taken: RecordedLoop): Promise<Written> {
    const { text, tree } = this.parts.loop;
    return this.written(returningRows(text, tree), taken.calls);
  }

  private batch(taken: RecordedLoop): Promise<Written> {
    const { sql } = this.parts.batch;
    return this.written(returningRows(sql, parseStatement(sql).tree), [batchValues(taken)]);
  }

  /** Gives what the batch has written, or why the server refused it. */
  private async tryBatch(taken: RecordedLoop): Promise<Written | string> {
    try {
      return await this.undone(() => this.batch(taken));
    } catch (error) {
      const refusal = refusalOf(error);
      await this.session.script('ROLLBACK TO SAVEPOINT undone; RELEASE SAVEPOINT undone');
      return `the batch is refused: ${refusal}`;
    }
  }

  private async written(text: string, calls: RecordedLoop['calls']): Promise<Written> {
    const { table, loop } = this.parts;
    const before = await readOtherCounts(this.session, table);
    const startedMs = performance.now();
    const returned = [];
    for (const values of calls) returned.push(await this.session.queryTexts(text, values));
    await this.session.query('SET CONSTRAINTS ALL IMMEDIATE');
    const durationMs = performance.now() - startedMs;
    const others = await readOthers(this.session, table, before);
    const changed = returned.flatMap(rowsOf);
    const left = await readLeft(this.session, table, changed);
    const rows = 'DeleteStmt' in loop.tree ? [...changed, ...left] : left;
    return { rows, others, isTwice: isAnyTwice(table, changed, left), durationMs };
  }

  private async undone<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.session.query('SAVEPOINT undone');
    const result = await work();
    await this.session.script('ROLLBACK TO SAVEPOINT undone; RELEASE SAVEPOINT undone');
    return result;
  }
}

/** Without a primary key a row that is changed again stands elsewhere: then it is told by how many rows are left. */
function isAnyTwice({ key }: WrittenTable, changed: Rows, left: Rows): boolean {
  if (key.some(({ name }) => name === 'ctid')) return left.length < changed.length;
  const keys = changed.map((row) => JSON.stringify(key.map(({ name }) => row.get(name))));
  return new Set(keys).size < keys.length;
}

function hazardsOf(seen: {
  readonly table: WrittenTable;
  readonly refusals: readonly string[];
  readonly unstable: Unstable;
  readonly looped: Written;
  readonly calls: number;
}): readonly string[] {
  const { table, refusals, unstable, looped, calls } = seen;
  const uncompared = [...unstable].flatMap(([name, columns]) =>
    columns.map((column) => (name === '' ? column : `${name}.${column}`)),
  );
  const large = [...looped.others].filter(([, { rows }]) => rows === null).map(([name]) => name);
  const [refusal] = refusals;
  return [
    ...triggersHazard(table),
    ...(refusal === undefined
      ? []
      : [
          `${refusals.length} of ${Math.min(calls, CALLS_RUN_MOST)} calls are refused there and were left out: ${refusal}.`,
        ]),
    ...(uncompared.length === 0
      ? []
      : [`Not compared, since two runs of the loop differ in it as well: ${uncompared.join(', ')}.`]),
    ...(large.length === 0
      ? []
      : [
          `Compared by the number of rows alone, being large: ${large.join(', ')}, which triggers and cascades change.`,
        ]),
  ];
}
