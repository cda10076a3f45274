import type { Node } from '@pgsql/types';
import type { Batch } from '../model/linkage.js';
import type { RelationName } from '../model/relation-name.js';
import { serverVersion } from '../postgres/server-version.js';
import type { Session } from '../postgres/session.js';
import type { WriteBatch } from '../sql/batch/batch-or-reason.js';
import { returningRows } from '../sql/batch/returning.js';
import { parseStatement } from '../sql/parse.js';
import { batchValues, CALLS_RUN_MOST, type RecordedLoop, refusalOf } from './recorded-loop.js';
import { differenceOf, unstableColumns, type Written } from './written-difference.js';
import {
  readNow,
  readOtherCounts,
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
  await session.script(`BEGIN; SET LOCAL statement_timeout = ${Math.ceil(statementTimeoutMs)}`);
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
    const reason = differenceOf(looped, batched, unstable);
    if (reason !== null) return { hazards: batch.hazards, verdict: { kind: 'differs', reason } };
    const hazards = [
      ...batch.hazards,
      ...hazardsOf({ table, refusals, unstable, calls: this.parts.loop.calls.length }),
    ];
    const loopMs = Math.min(looped.durationMs, again.durationMs);
    const batchMs = Math.min(batched.durationMs, (await this.undone(() => this.batch(taken))).durationMs);
    const ranOn = `scratch ${await serverVersion(this.session)}`;
    const { length: calls } = taken.calls;
    return { hazards, verdict: { kind: 'equal', ranOn, calls, rows: looped.rows.length, loopMs, batchMs } };
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
    const after = await readOtherCounts(this.session, table);
    const changed = returned.flatMap(rowsOf);
    const rows = 'DeleteStmt' in loop.tree ? changed : await readNow(this.session, table, changed);
    const others = [...after].map(([name, count]) => [name, count - (before.get(name) ?? 0)] as const);
    return { rows, others: new Map(others.filter(([, count]) => count > 0)), durationMs };
  }

  private async undone<Result>(work: () => Promise<Result>): Promise<Result> {
    await this.session.query('SAVEPOINT undone');
    const result = await work();
    await this.session.script('ROLLBACK TO SAVEPOINT undone; RELEASE SAVEPOINT undone');
    return result;
  }
}

function hazardsOf(seen: {
  readonly table: WrittenTable;
  readonly refusals: readonly string[];
  readonly unstable: readonly string[];
  readonly calls: number;
}): readonly string[] {
  const { table, refusals, unstable, calls } = seen;
  const [refusal] = refusals;
  return [
    ...triggersHazard(table),
    ...(refusal === undefined
      ? []
      : [
          `${refusals.length} of ${Math.min(calls, CALLS_RUN_MOST)} calls are refused there and were left out: ${refusal}.`,
        ]),
    ...(unstable.length === 0
      ? []
      : [`Not compared, since two runs of the loop differ in it as well: ${unstable.join(', ')}.`]),
  ];
}
