import { beforeAll, describe, expect, it } from 'vitest';
import { boundedBySeries } from '../../../src/advisors/statements/bounded-by-series.js';
import { boundedWithin } from '../../../src/advisors/statements/bounded-within.js';
import type { Catalog } from '../../../src/model/catalog.js';
import type { Session } from '../../../src/postgres/session.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { seriesBounds } from '../../../src/sql/forms/series-bounds.js';
import { testDatabase } from '../../postgres.js';

let catalog: Catalog;
let session: Session;

beforeAll(async () => {
  ({ session } = await testDatabase());
  await session.script(`
    CREATE TABLE visits (id int PRIMARY KEY, at timestamptz, clock timestamp, day date, kind int);
    CREATE TABLE days (id int PRIMARY KEY, day timestamptz);
    SET enable_mergejoin = off`);
  catalog = (await readSnapshot(session)).catalog;
}, 60_000);

/** Fills the table with each quarter of an hour around a day, in a zone. */
async function fillAround(zone: string, day: string): Promise<void> {
  await session.script(`SET timezone = '${zone}'; TRUNCATE visits;
    INSERT INTO visits SELECT i, timestamptz '${day} 00:00 UTC' + (i - 288) * interval '15 minutes',
      timestamp '${day}' + (i - 288) * interval '15 minutes', date '${day}' + i % 7 - 3, i % 3 FROM generate_series(0, 576) i;
    INSERT INTO visits VALUES (-1, 'infinity', 'infinity', 'infinity', 1), (-2, '-infinity', '-infinity', '-infinity', 1), (-3, NULL, NULL, NULL, NULL)`);
}

const CHANGES = [
  ['America/Havana', '2023-11-05'],
  ['America/Havana', '2009-11-01'],
  ['America/Havana', '2024-03-10'],
  ['Pacific/Apia', '2011-12-30'],
  ['Atlantic/Azores', '2024-03-31'],
  ['Australia/Lord_Howe', '2024-04-07'],
  ['America/St_Johns', '2006-10-29'],
  ['Europe/Vienna', '2024-03-31'],
] as const;

const SERIES = (day: string) => [
  `generate_series(date '${day}', date '${day}', '1 day')`,
  `generate_series(date '${day}' - 1, date '${day}' + 1, '1 day')`,
  `generate_series(timestamp '${day} 00:30', timestamp '${day} 03:00', '15 minutes')`,
  `generate_series(timestamp '${day} 02:30', timestamp '${day} 03:15', '15 minutes')`,
  `generate_series(timestamptz '${day} 00:30', '${day} 02:00', '30 minutes')`,
  `generate_series(date '${day}' + 1, date '${day}' - 1, '1 day')`,
  `generate_series(date '${day}', NULL::date, '1 day')`,
];

const MET = [
  "v.at >= d AND v.at < d + interval '15 minutes'",
  "v.clock BETWEEN d AND d + interval '1 day'",
  'v.clock = d::timestamptz',
  'v.day = d::date',
  'v.at < (d::date + 1)::timestamptz AND coalesce(v.clock, now()) >= d',
  "v.day >= d::date AND v.day < (d + interval '1 month')::date",
  "(v.kind = 1 OR v.at > d) AND (v.at <= d + interval '2 hours' OR v.at IS NULL)",
];

const MADE = [
  'at::date',
  'clock::date',
  "date_trunc('day', at)",
  "date_trunc('hour', clock)",
  "date_trunc('week', at)",
  "date_trunc('month', at)",
  "date_trunc('year', clock)",
];

const digest = (sql: string) =>
  session.query(`SELECT md5(string_agg(q::text, ';' ORDER BY q::text)), count(*) FROM (${sql}) q`);

describe('the ends of a series around changed clocks', () => {
  it.each(CHANGES)('leave no row out that a moment meets, in %s on %s', async (zone, day) => {
    await fillAround(zone, day);
    const statements = SERIES(day).flatMap((series) =>
      MET.map((met) => `SELECT d, v.id FROM ${series} d LEFT JOIN visits v ON ${met}`),
    );
    for (const sql of statements) {
      const written = seriesBounds(sql, catalog);
      expect(written).not.toBeNull();
      expect({ sql, rows: await digest(written ?? '') }).toEqual({ sql, rows: await digest(sql) });
    }
  });

  it('leave no row out where a later moment comes earlier a month on', async () => {
    await fillAround('UTC', '2024-02-29');
    const sql = `SELECT d, v.id FROM generate_series(timestamp '2024-01-29', timestamp '2024-01-31', '6 hours') d JOIN visits v ON v.clock = d + interval '1 month'`;
    expect(await digest(seriesBounds(sql, catalog) ?? '')).toEqual(await digest(sql));
  });

  it.each(CHANGES)('leave no row out of the groups of a day, in %s on %s', async (zone, day) => {
    await fillAround(zone, day);
    const statements = SERIES(day).flatMap((series) =>
      MADE.map(
        (made) =>
          `SELECT d, p.n FROM ${series} d LEFT JOIN (SELECT ${made} AS day, count(*) AS n FROM visits GROUP BY 1) p ON p.day = d`,
      ),
    );
    for (const sql of statements) {
      const written = boundedBySeries(sql, catalog);
      expect(written).toMatch(/FROM visits\s+WHERE/);
      expect({ sql, rows: await digest(written ?? '') }).toEqual({ sql, rows: await digest(sql) });
    }
  });
});

const DAYS = "generate_series(date '2024-01-01', date '2024-01-31', '1 day')";
const PER_DAY = 'SELECT at::date AS day, count(*) AS n FROM visits';

describe('the ends of a series', () => {
  it('are asked of the columns below alone that it is joined to, not of others', () => {
    const sql = `SELECT d, p.n FROM ${DAYS} d LEFT JOIN (${PER_DAY} WHERE clock::date = '2024-01-05' GROUP BY 1) p ON p.day = d`;
    expect(boundedBySeries(sql, catalog)).toMatch(/clock::date = '2024-01-05'\s+AND \(?visits\.at >=/);
  });

  it.each([
    ['day', '14 days'],
    ['month', '70 days'],
    ['year', '740 days'],
  ])('are widened by more than a %s that is truncated to', (unit, margin) => {
    const made = `date_trunc('${unit}', at)`;
    const sql = `SELECT d, p.n FROM ${DAYS} d JOIN (${PER_DAY.replace('at::date', made)} GROUP BY 1) p ON p.day = d`;
    expect(boundedBySeries(sql, catalog)).toContain(`- '${margin}'::interval`);
  });

  it.each([
    [
      'quarters',
      `SELECT d, p.n FROM ${DAYS} d JOIN (${PER_DAY.replace('at::date', "date_trunc('quarter', at)")} GROUP BY 1) p ON p.day = d`,
    ],
    [
      'quarters in other quotes',
      `SELECT d, p.n FROM ${DAYS} d JOIN (${PER_DAY.replace('at::date', () => 'date_trunc($$quarter$$, at)')} GROUP BY 1) p ON p.day = d`,
    ],
  ])('are not asked below %s', (_, sql) => {
    expect(boundedBySeries(sql, catalog)).toBeNull();
  });

  it.each([
    [
      'a table of the name of a later WITH query',
      `WITH x AS (SELECT g.id FROM days g JOIN visits v ON v.at > g.day), days AS (SELECT ${DAYS} AS day) SELECT x.id FROM x`,
    ],
    [
      'a table of a schema',
      `WITH days AS (SELECT ${DAYS} AS day) SELECT g.id FROM public.days g JOIN visits v ON v.at > g.day`,
    ],
    [
      'one of two WITH queries of one name',
      `WITH days AS (SELECT ${DAYS} AS day) SELECT c.id FROM visits c WHERE EXISTS (WITH days AS (SELECT day FROM visits) SELECT 1 FROM days x JOIN visits v ON v.at > x.day UNION SELECT 2)`,
    ],
    ['what may fail for other rows', `SELECT d FROM ${DAYS} d JOIN visits v ON v.at > d OR v.kind ~ '['`],
    [
      'months after clocks',
      `SELECT d FROM ${DAYS} d JOIN visits v ON v.at > d::timestamp + interval '1 hour' + interval '1 month' + interval '1 month'`,
    ],
    ['millennia', `SELECT d FROM ${DAYS} d JOIN visits v ON v.at > d - interval '9999 years'`],
  ])('are not told of %s', (_, sql) => {
    expect(seriesBounds(sql, catalog)).toBeNull();
  });
});

describe('conditions on what a query of WITH computes', () => {
  it.each([
    [
      'reads a table of the name of a later one',
      `WITH p AS (SELECT day::date AS day FROM days), days AS (SELECT id FROM visits) SELECT p.day FROM p JOIN days ON true WHERE p.day > '2024-01-01'`,
    ],
    [
      'is not what FROM names of a schema',
      `WITH days AS (SELECT clock::date AS day FROM visits) SELECT g.id FROM public.days g WHERE g.day > '2024-01-01'`,
    ],
    [
      'locks its rows',
      `WITH p AS (SELECT at::date AS day FROM visits FOR UPDATE) SELECT p.day FROM p WHERE p.day > '2024-01-01'`,
    ],
    ['gives several rows for one', `SELECT p.day FROM (SELECT ${DAYS} AS day) p WHERE p.day > '2024-01-05'`],
  ])('are not asked below where it %s', (_, sql) => {
    expect(boundedWithin(sql, catalog)).toBeNull();
  });
});
