import { beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/model/catalog.js';
import type { Session } from '../../../src/postgres/session.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { spelledComparisons } from '../../../src/sql/forms/spelled-comparisons.js';
import { rowsOfHaving } from '../../../src/sql/rewrite/rows-of-having.js';
import { testDatabase } from '../../postgres.js';

let session: Session;
let catalog: Catalog;

/** In Vienna, where 2:30 was not on that night, it is taken for 3:30, and lies after 3:00. */
beforeAll(async () => {
  ({ session } = await testDatabase());
  await session.script(`
    SET timezone = 'Europe/Vienna';
    CREATE TABLE shifts (worker int, began timestamp, ended timestamptz);
    INSERT INTO shifts VALUES (1, '2024-03-31 02:30', NULL), (1, '2024-03-31 03:00', NULL)`);
  ({ catalog } = await readSnapshot(session));
});

const asking = (having: string) => `SELECT worker, max(began) AS last FROM shifts GROUP BY worker HAVING ${having}`;

describe('an extreme of clock times that is asked to be beyond a moment', () => {
  const MOMENT = "max(began) > timestamptz '2024-03-31 03:15'";

  it('stays an extreme, as a clock time before it may be the later moment', async () => {
    await session.query("SET timezone = 'Europe/Vienna'");
    const { rows } = await session.query(asking(MOMENT));
    expect(rows).toEqual([]);
    const rowsBeyond = await session.query("SELECT began FROM shifts WHERE began > timestamptz '2024-03-31 03:15'");
    expect(rowsBeyond.rows).toHaveLength(1);
    expect(rowsOfHaving(asking(MOMENT), catalog)).toBeNull();
  });

  it.each([
    'now()',
    "date_trunc('day', CURRENT_DATE)",
    'CURRENT_TIMESTAMP',
    "now() - interval '7 days'",
    'to_timestamp(0)',
    "timezone('UTC', localtimestamp)",
  ])('stays an extreme beside %s', (moment) => {
    expect(rowsOfHaving(asking(`max(began) > ${moment}`), catalog)).toBeNull();
  });

  it.each([
    '$1',
    'LOCALTIMESTAMP',
    "'2024-03-31'",
    "date '2024-03-31'",
    "CURRENT_DATE - interval '7 days'",
    'CURRENT_DATE - 7',
  ])('is asked of the rows beside %s', (local) => {
    expect(rowsOfHaving(asking(`max(began) > ${local}`), catalog)).toMatch(/WHERE\s+(shifts\.)?began > /);
  });
});

describe('moments that are joined by their day', () => {
  it('are found where clocks are set back over midnight by three hours', async () => {
    await session.script(`
      SET timezone = 'Antarctica/Casey';
      CREATE TABLE days (day date);
      INSERT INTO days VALUES ('2010-03-04'), ('2010-03-05'), ('2023-03-08'), ('2023-03-09');
      INSERT INTO shifts (worker, ended)
        SELECT 2, t FROM days, generate_series(day - interval '9 hours', day + interval '40 hours', interval '15 minutes') t`);
    const sql =
      'SELECT d.day, count(*)::int AS n FROM days d JOIN shifts s ON s.ended::date = d.day GROUP BY 1 ORDER BY 1';
    const other = spelledComparisons(sql, (await readSnapshot(session)).catalog);
    expect(other).toContain("'3 hours'");
    const { rows } = await session.query(sql);
    expect((await session.query(other ?? '')).rows).toEqual(rows);
  });
});
