import { expect, it } from 'vitest';
import { buildTwin } from '../../../src/planner/twin/build.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { testDatabase } from '../../postgres.js';
import { twinServer } from '../../twin-server.js';
import { indexOn } from '../shop.js';

/** A tebibyte in blocks of 8 KiB: 1,024 files of the server's. */
const BLOCKS = 2 ** 27;
const ROWS = 1e10;

it('plans a table of a terabyte without holding any of it', async () => {
  const { session } = await testDatabase();
  await session.script(`
    CREATE TABLE events (id bigint PRIMARY KEY, kind int NOT NULL, note text);
    INSERT INTO events SELECT n, n % 1000, repeat('x', 80) FROM generate_series(1, 20000) AS n;
    ANALYZE events`);
  const snapshot = await readSnapshot(session);
  const tables = snapshot.catalog.tables.map((table) => ({
    ...table,
    storage: { ...table.storage, blocks: BLOCKS, pages: BLOCKS, tuples: ROWS },
  }));
  const twin = await buildTwin(
    { ...snapshot, catalog: { ...snapshot.catalog, tables } },
    { server: await twinServer() },
  );
  try {
    const sql = 'SELECT * FROM events WHERE kind = 7';
    const whole = await twin.explain('SELECT * FROM events', []);
    expect(whole.totalCost).toBeGreaterThan(BLOCKS);
    expect(whole.rowsEstimate / ROWS).toBeCloseTo(1, 3);
    const index = indexOn('events', ['kind'], { table: { schema: 'public', name: 'events' } });
    const [before, after] = [await twin.explain(sql, []), await twin.explain(sql, [index])];
    expect(after.totalCost).toBeLessThan(before.totalCost / 2);
    expect((await twin.size(index)).sizeBytes).toBeGreaterThan(ROWS * 6);
  } finally {
    await twin.close();
  }
});
