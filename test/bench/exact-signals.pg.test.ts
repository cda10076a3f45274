import { describe, expect, it } from 'vitest';
import { type ExactOutcome, type ExactSignals, readExactSignals } from '../../src/bench/exact-signals.js';
import type { BenchScenarioQuery } from '../../src/bench/scenario.js';
import { openSession, type Session } from '../../src/postgres/session.js';
import { byKey, commandsDatabase, complete, sweep } from './commands.js';

const LIMITS = { shareMs: 60_000, statementTimeoutMs: 30_000 };

/** Reads the signals of a query with one database as both sides, except for what `change` does to the second. */
async function read(
  query: BenchScenarioQuery,
  options: { limits?: typeof LIMITS; change?: string; watch?: string } = {},
) {
  const before = await openSession(await commandsDatabase());
  const after = await openSession(await commandsDatabase());
  try {
    if (options.change !== undefined) await after.script(options.change);
    const outcome = await readExactSignals({ before, after }, query, options.limits ?? LIMITS);
    return { outcome, watched: options.watch === undefined ? [] : await watch(after, options.watch) };
  } finally {
    await Promise.all([before.close(), after.close()]);
  }
}

async function watch(session: Session, statement: string): Promise<readonly unknown[]> {
  return (await session.query(statement)).rows;
}

function signalsOf(outcome: ExactOutcome): ExactSignals {
  if (outcome.kind !== 'measured') throw new Error(`the query is ${outcome.kind}`);
  return outcome.signals;
}

describe('readExactSignals', () => {
  it('gives equal figures for equal databases, run after run', async () => {
    const first = signalsOf((await read(sweep)).outcome);
    const second = signalsOf((await read(sweep)).outcome);
    expect(first.buffers.after).toBe(first.buffers.before);
    expect(second.buffers).toEqual(first.buffers);
    expect(second.planHash).toEqual(first.planHash);
    expect(first).toMatchObject({ parameterSets: 2, writes: false });
  });

  it('takes the mean of the parameter sets and shows the plan of the heaviest', async () => {
    const counted = { ...byKey, text: 'SELECT count(*) FROM commands WHERE id < $1', parameterSets: [[2], [30_000]] };
    const light = signalsOf((await read({ ...counted, parameterSets: [[2]] })).outcome).buffers.before;
    const heavy = signalsOf((await read({ ...counted, parameterSets: [[30_000]] })).outcome).buffers.before;
    const both = signalsOf((await read(counted)).outcome);
    expect(heavy).toBeGreaterThan(light);
    expect(both.buffers.before).toBe((light + heavy) / 2);
    expect(both.plan.before).toContain('30000');
  });

  it('leaves no trace of a statement that writes', async () => {
    const { outcome, watched } = await read(complete, { watch: `SELECT status FROM commands WHERE id = 200` });
    expect(signalsOf(outcome).writes).toBe(true);
    expect(watched).toEqual([{ status: 'sent' }]);
  });

  it('treats a statement that locks rows as one that writes', async () => {
    const { outcome } = await read({ ...byKey, text: 'SELECT * FROM commands WHERE id = $1 FOR UPDATE SKIP LOCKED' });
    expect(signalsOf(outcome).writes).toBe(true);
  });

  it('reads fewer parameter sets when the time does not hold all of them', async () => {
    const slow = { ...byKey, text: 'SELECT pg_sleep($1)', parameterSets: [[0.05], [0.05], [0.05], [0.05]] };
    const { outcome } = await read(slow, { limits: { ...LIMITS, shareMs: 300 } });
    expect(signalsOf(outcome).parameterSets).toBe(1);
  });

  it('leaves out a query that no budget holds', async () => {
    const { outcome } = await read(
      { ...byKey, text: 'SELECT pg_sleep(60)', parameterSets: [] },
      { limits: { ...LIMITS, statementTimeoutMs: 100 } },
    );
    expect(outcome).toEqual({
      kind: 'skipped',
      reason: 'one call takes longer than 0.1 s, which the time budget does not hold',
    });
  });

  it('calls a query broken that fails on the second side alone', async () => {
    const { outcome } = await read(byKey, { change: 'ALTER TABLE commands RENAME COLUMN id TO number' });
    expect(outcome).toEqual({ kind: 'broken', message: 'column "id" does not exist' });
  });

  it('throws for a query that fails on the first side already', async () => {
    await expect(
      read({ ...byKey, name: 'wrong', text: 'SELECT missing FROM commands', parameterSets: [] }),
    ).rejects.toMatchObject({
      message: 'query "wrong" fails before any migration: column "missing" does not exist',
      exitStatus: 3,
    });
  });

  it('tells how to give parameters to a query that has none', async () => {
    await expect(read({ ...byKey, parameterSets: [] })).rejects.toMatchObject({
      hint: expect.stringContaining('-- params:'),
    });
  });

  it('sees parallel workers, whose time is not the backend’s', async () => {
    const forced = `SET debug_parallel_query = on`;
    const { outcome } = await read(
      { ...byKey, text: 'SELECT count(*) FROM commands', parameterSets: [] },
      { change: forced },
    );
    expect(signalsOf(outcome).parallel).toEqual({ before: false, after: true });
  });
});
