import { describe, expect, it } from 'vitest';
import { silentProgress } from '../../src/model/progress.js';
import type { PlannableStatement } from '../../src/model/workload.js';
import { openSession, type Session } from '../../src/postgres/session.js';
import { type Proof, type ProvableIndex, proveIndexes } from '../../src/proof/prove.js';
import { type TestDatabase, testDatabase } from '../postgres.js';

const NEVER = new AbortController().signal;

function scratchDatabase(): Promise<TestDatabase> {
  return testDatabase({
    template: 'scratch',
    prepare: (session) =>
      session.script(`
        CREATE TABLE orders (id int PRIMARY KEY, customer_id int NOT NULL, status text NOT NULL, note text);
        INSERT INTO orders
        SELECT i, i % 2000, CASE WHEN i % 500 = 0 THEN 'open' ELSE 'done' END, 'x' FROM generate_series(1, 40000) AS i;
        ANALYZE`),
  });
}

function statement(...texts: readonly string[]): PlannableStatement {
  const bindings = texts.map((sql) => ({ sql, share: 1 / texts.length }));
  return { fingerprint: texts.join(), calls: 10, bindings };
}

function indexOn(columns: string, ...statements: readonly PlannableStatement[]): ProvableIndex {
  return { schema: 'public', createSql: (name) => `CREATE INDEX ${name} ON public.orders (${columns})`, statements };
}

async function prove(
  scratchUrl: string,
  indexes: readonly ProvableIndex[],
  statementTimeoutMs = 20_000,
): Promise<Proof> {
  const { url: targetUrl } = await testDatabase();
  return proveIndexes(indexes, { scratchUrl, targetUrl, statementTimeoutMs, progress: silentProgress, signal: NEVER });
}

const kindsOf = ({ verdicts }: Proof) => verdicts.map(({ kind }) => kind);

async function stateOf(session: Session): Promise<unknown> {
  const { rows } = await session.query(
    `SELECT (SELECT count(*) FROM pg_indexes WHERE schemaname = 'public') AS indexes,
            (SELECT count(*) FROM orders) AS orders, (SELECT count(*) FROM orders WHERE note = 'x') AS notes`,
  );
  return rows[0];
}

describe('proving indexes on a scratch database', () => {
  it('runs what belongs behind an index, such as ANALYZE', async () => {
    const { url } = await scratchDatabase();
    const index = indexOn('(id - customer_id)', statement('SELECT * FROM orders WHERE id - customer_id = 0'));
    const { verdicts } = await prove(url, [
      { ...index, followUpSql: 'ANALYZE public.orders' },
      { ...index, followUpSql: 'ANALYZE public.nowhere' },
    ]);
    expect(verdicts).toEqual([
      expect.objectContaining({ kind: 'helps' }),
      { kind: 'not measured', reason: 'relation "public.nowhere" does not exist' },
    ]);
  });

  it('measures what they save and leaves nothing but dead rows', async () => {
    const { url, session } = await scratchDatabase();
    const before = await stateOf(session);
    const index = indexOn(
      'customer_id',
      statement('SELECT * FROM orders WHERE customer_id = 5', 'SELECT * FROM orders WHERE customer_id = 6'),
      statement(`UPDATE orders SET note = 'changed' WHERE customer_id = 7`),
      statement('DELETE FROM orders WHERE customer_id = 8'),
    );
    const { verdicts, measuredOn } = await prove(url, [index]);
    expect(measuredOn).toMatch(/^scratch 18/);
    const [verdict] = verdicts;
    if (verdict?.kind !== 'helps') throw new Error(JSON.stringify(verdict));
    expect(verdict.before).toMatchObject({ statements: 3, tooSlow: 0 });
    expect(verdict.before.buffers).toBeGreaterThan(200);
    expect(verdict.after.buffers).toBeLessThan(100);
    expect(verdict.without.buffers).toBeGreaterThan(200);
    expect(await stateOf(session)).toEqual(before);
  });

  it('names the statement that takes longer by an index which helps the others', async () => {
    const { url, session } = await scratchDatabase();
    // Few rows have the note, and all of them come last in the order of customers, which no statistics tell.
    await session.query(`UPDATE orders SET note = 'late' WHERE customer_id >= 1980`);
    await session.query('VACUUM FULL ANALYZE orders');
    const byCustomer = statement('SELECT * FROM orders WHERE customer_id = 5');
    const late = statement(`SELECT * FROM orders WHERE note = 'late' ORDER BY customer_id LIMIT 1`);
    const { verdicts } = await prove(url, [indexOn('customer_id', { ...byCustomer, calls: 1000 }, late)]);
    const [verdict] = verdicts;
    if (verdict?.kind !== 'helps') throw new Error(JSON.stringify(verdict));
    expect(verdict.slowed.map((call) => call.statement)).toEqual([late]);
    const [{ beforeMs, afterMs } = { beforeMs: 0, afterMs: 0 }] = verdict.slowed;
    expect(afterMs).toBeGreaterThan(beforeMs * 1.2);
  });

  it('sees what an index saves beside a statement that takes far more with it and without', async () => {
    const { url } = await scratchDatabase();
    const light = statement('SELECT * FROM orders WHERE customer_id = 5');
    const heavy = statement(
      'SELECT sum(n) FROM generate_series(1, 40) AS g, LATERAL (SELECT count(*) AS n FROM orders WHERE note <> g::text) AS o',
    );
    const [verdict] = (await prove(url, [indexOn('customer_id', heavy, light)])).verdicts;
    if (verdict?.kind !== 'helps') throw new Error(JSON.stringify(verdict));
    // Of the mean over both, which is what is told, it is next to nothing.
    expect(verdict.after.buffers).toBeGreaterThan(0.95 * (verdict.without.buffers ?? 0));
  });

  it('sees what an index saves beside a statement that uses it and takes about as long', async () => {
    const { url } = await scratchDatabase();
    const light = statement('SELECT * FROM orders WHERE customer_id = 5');
    const heavy = statement(
      'SELECT sum(n), (SELECT count(note) FROM orders WHERE customer_id = 6) FROM generate_series(1, 80) AS g, LATERAL (SELECT count(*) AS n FROM orders WHERE note <> g::text) AS o',
    );
    expect(kindsOf(await prove(url, [indexOn('customer_id', heavy, light)]))).toEqual(['helps']);
  });

  it('names the statements of an index that does not help which another one serves', async () => {
    const { url } = await scratchDatabase();
    const byCustomer = statement('SELECT * FROM orders WHERE customer_id = 5');
    const byBoth = statement(`SELECT * FROM orders WHERE customer_id = 5 AND note = 'x'`);
    const proof = await prove(url, [indexOn('customer_id', byCustomer), indexOn('customer_id, note', byBoth)]);
    expect(proof.verdicts).toMatchObject([{ kind: 'helps', adopted: [byBoth] }, { kind: 'does not help' }]);
  });

  it('judges indexes that serve one statement together by what each adds', async () => {
    const { url } = await scratchDatabase();
    const either = statement(`SELECT * FROM orders WHERE customer_id = 5 OR status = 'open'`);
    expect(kindsOf(await prove(url, [indexOn('customer_id', either), indexOn('status', either)]))).toEqual([
      'helps',
      'helps',
    ]);
  });

  it('keeps the first of two that do the same', async () => {
    const { url } = await scratchDatabase();
    const byCustomer = statement('SELECT * FROM orders WHERE customer_id = 5');
    const indexes = [indexOn('customer_id', byCustomer), indexOn('customer_id, id', byCustomer)];
    expect(kindsOf(await prove(url, indexes))).toEqual(['helps', 'does not help']);
  });

  it('sees that one does not help where the rows are others than the statistics said', async () => {
    const { url, session } = await scratchDatabase();
    await session.query('UPDATE orders SET customer_id = 5');
    await session.query('VACUUM ANALYZE orders');
    const index = indexOn('customer_id', statement('SELECT * FROM orders WHERE customer_id = 5'));
    expect(kindsOf(await prove(url, [index]))).toEqual(['does not help']);
  });

  it('counts a statement that becomes quick enough to end as a gain', async () => {
    const { url } = await scratchDatabase();
    // Each row that is looked at takes its time.
    const slow = statement('SELECT 1 FROM orders WHERE pg_sleep(0.0001) IS NOT NULL AND customer_id = 5');
    const { verdicts } = await prove(url, [indexOn('customer_id', slow)], 500);
    expect(verdicts).toMatchObject([{ kind: 'helps', before: { tooSlow: 1, buffers: null }, after: { tooSlow: 0 } }]);
  });

  it('tells what cannot be built or run, and goes on with the rest', async () => {
    const { url } = await scratchDatabase();
    const { verdicts } = await prove(url, [
      indexOn('nowhere', statement('SELECT 1 FROM orders WHERE customer_id = 5')),
      indexOn('customer_id', statement('SELECT 1 FROM nothing')),
      indexOn('customer_id', statement('SELECT 1 FROM orders WHERE customer_id = $1')),
      indexOn('status', statement(`SELECT * FROM orders WHERE status = 'open'`)),
    ]);
    expect(verdicts).toMatchObject([
      { kind: 'not measured', reason: 'column "nowhere" does not exist' },
      { kind: 'not measured', reason: 'relation "nothing" does not exist' },
      { kind: 'not measured', reason: 'no values for its parameters are known' },
      { kind: 'helps' },
    ]);
  });

  it('says so where rows were updated under an open snapshot, which keeps a new index out of use', async () => {
    const { url, session } = await scratchDatabase();
    // Room on the pages, so that new versions of rows stay beside the old ones.
    await session.query('DELETE FROM orders WHERE id % 2 = 0');
    await session.query('VACUUM orders');
    await session.script('BEGIN ISOLATION LEVEL REPEATABLE READ; SELECT 1');
    const writer = await openSession(url);
    await writer.query(`UPDATE orders SET note = 'y' WHERE id < 5000`);
    await writer.close();
    const index = indexOn('customer_id', statement('SELECT * FROM orders WHERE customer_id = 5'));
    expect((await prove(url, [index])).verdicts).toMatchObject([
      { kind: 'not measured', reason: expect.stringContaining('rows that were updated a moment ago') },
    ]);
    await session.query('ROLLBACK');
  });

  it('says so where the table is in use by another session', async () => {
    const { url, session } = await scratchDatabase();
    await session.script('BEGIN; SELECT 1 FROM orders LIMIT 1');
    const index = indexOn('customer_id', statement('SELECT * FROM orders WHERE customer_id = 5'));
    expect((await prove(url, [index])).verdicts).toEqual([
      { kind: 'not measured', reason: 'canceling statement due to lock timeout' },
    ]);
    await session.query('ROLLBACK');
  });

  it('ends within a statement when it is aborted, and everything is rolled back', async () => {
    const { url, session } = await scratchDatabase();
    const { url: targetUrl } = await testDatabase();
    const before = await stateOf(session);
    const interruption = new AbortController();
    const index = indexOn('customer_id', statement('SELECT pg_sleep(60)'));
    const request = { scratchUrl: url, targetUrl, statementTimeoutMs: 60_000, progress: silentProgress };
    const failure = proveIndexes([index], { ...request, signal: interruption.signal }).catch((error: unknown) => error);
    const sleeping = `SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'`;
    while ((await session.query(sleeping)).rowCount === 0);
    interruption.abort();
    expect(await failure).toBeInstanceOf(Error);
    expect(await stateOf(session)).toEqual(before);
  });

  it('is refused on the database that is advised on, by whatever name', async () => {
    const { url } = await scratchDatabase();
    const index = indexOn('customer_id', statement('SELECT 1 FROM orders'));
    const options = { statementTimeoutMs: 1000, progress: silentProgress, signal: NEVER };
    await expect(
      proveIndexes([index], { scratchUrl: `${url}&application_name=other`, targetUrl: url, ...options }),
    ).rejects.toThrow('the scratch database is the database that is advised on');
  });
});
