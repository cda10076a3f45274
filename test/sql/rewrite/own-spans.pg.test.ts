import { beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/model/catalog.js';
import type { Session } from '../../../src/postgres/session.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { rewriteVariants } from '../../../src/sql/rewrite/variants.js';
import { testDatabase } from '../../postgres.js';

/** Days at both ends of short months, moments about the hours at which clocks change, ends of types, equals and NULLs. */
const SCHEMA = `
  CREATE TABLE moments (id int PRIMARY KEY, key int, day date, local timestamp, at timestamptz, small smallint, whole int, big bigint, exact numeric, near float8);
  INSERT INTO moments (id, key, day, local, at, small, whole, big, exact, near)
  SELECT row_number() OVER (), nullif(g % 3, 2),
    CASE g % 11 WHEN 0 THEN NULL WHEN 1 THEN 'infinity' WHEN 2 THEN '-infinity' ELSE date '2024-01-25' + g * 7 % 41 END,
    CASE g % 13 WHEN 0 THEN NULL WHEN 1 THEN 'infinity' WHEN 2 THEN '-infinity' ELSE timestamp '2024-03-30' + g * 37 % 60 * interval '1 hour' END,
    CASE g % 13 WHEN 0 THEN NULL WHEN 1 THEN 'infinity' WHEN 2 THEN '-infinity' ELSE timestamptz '2024-10-26 22:00Z' + g * 37 % 90 * interval '20 minutes' END,
    g % 17, g * 5 % 19, CASE g % 7 WHEN 0 THEN 9223372036854775807 ELSE g % 9 END,
    CASE g % 10 WHEN 0 THEN 'NaN' WHEN 1 THEN NULL WHEN 2 THEN 'Infinity' WHEN 3 THEN '-Infinity' ELSE g % 8 / 2.0 END,
    CASE g % 10 WHEN 0 THEN 'NaN' WHEN 1 THEN 'infinity' WHEN 2 THEN '-infinity' WHEN 3 THEN NULL ELSE g::float8 END
  FROM generate_series(1, 150) g`;

let session: Session;
let catalog: Catalog;

beforeAll(async () => {
  ({ session } = await testDatabase());
  await session.script(SCHEMA);
  await session.script(`SET timezone = 'Europe/Berlin'`);
  catalog = (await readSnapshot(session)).catalog;
}, 60_000);

const about = (condition: string) =>
  `SELECT m.id, (SELECT count(*) FROM moments q WHERE q.key = m.key AND ${condition}) AS n, (SELECT max(q.near) FROM moments q WHERE q.key = m.key AND ${condition}) AS most, (SELECT sum(q.whole) FROM moments q WHERE ${condition}) AS total FROM moments m ORDER BY m.id`;
const windowOf = (sql: string) =>
  rewriteVariants(sql, { catalog, major: 15 }).find(({ id }) => id === 'window')?.sql ?? null;

describe('the rows within an offset from each', () => {
  it.each([
    'q.day BETWEEN m.day - 30 AND m.day',
    'q.day BETWEEN m.day - 0 AND m.day',
    'q.day >= m.day - 3 AND q.day < m.day',
    'q.day > m.day AND q.day <= m.day + 3',
    'm.day - 2 <= q.day AND m.day + 2 >= q.day',
    "q.day BETWEEN m.day - interval '1 month' AND m.day + interval '1 month 2 days'",
    "q.day BETWEEN m.day - interval '36 hours' AND m.day",
    "q.local BETWEEN m.local - interval '1 day' AND m.local",
    "q.local >= m.local - '90 minutes'::interval AND q.local < m.local",
    "q.at BETWEEN m.at - interval '6 hours' AND m.at",
    "q.at BETWEEN m.at - interval '24 hours' AND m.at + interval '40 minutes'",
    "q.at > m.at AND q.at <= m.at + interval '2 hours'",
    'q.small BETWEEN m.small - 3 AND m.small',
    'q.whole BETWEEN m.whole - 3 AND m.whole + 4',
    'q.big BETWEEN m.big - 2 AND m.big',
    'q.exact BETWEEN m.exact - 1 AND m.exact',
    'q.exact >= m.exact - 1 AND q.exact < m.exact',
  ])('are those of a window, for %s', async (condition) => {
    const sql = about(condition);
    const windowed = windowOf(sql);
    expect(windowed).toMatch(/ RANGE BETWEEN /);
    expect(windowed).not.toContain('SELECT count');
    expect(await session.query(windowed ?? '')).toEqual(await session.query(sql));
  });

  it.each([
    ['days of moments, which are not all as long', "q.at BETWEEN m.at - interval '1 day' AND m.at"],
    ['weeks of moments', "q.at BETWEEN m.at - interval '1 week' AND m.at"],
    ['months of times', "q.local BETWEEN m.local - interval '1 month' AND m.local"],
    ['days before by a parameter', 'q.day BETWEEN m.day - $1 AND m.day'],
    ['an interval below none', "q.local BETWEEN m.local - interval '-1 hour' AND m.local"],
    ['a number below none', 'q.whole BETWEEN m.whole - -3 AND m.whole'],
    ['a whole interval cut short', "q.local BETWEEN m.local - interval '1:30' hour AND m.local"],
    ['floating numbers', 'q.near BETWEEN m.near - 1 AND m.near'],
    ['an offset that is none of them', "q.local > m.local - interval '1 hour' AND q.local <= m.local"],
    ['one end alone', 'q.day >= m.day - 3'],
    ['two ends on one side', 'q.day BETWEEN m.day - 3 AND m.day - 1'],
    ['offsets of the rows inside', 'q.day - 3 <= m.day AND q.day >= m.day'],
    ['one of either', 'q.day NOT BETWEEN m.day - 3 AND m.day'],
    ['ends the other way round', 'q.day BETWEEN SYMMETRIC m.day - 3 AND m.day'],
  ])('are left alone, for %s', (_, condition) => {
    expect(windowOf(about(condition))).toBeNull();
  });

  const ofGroups = (value: string, condition: string) =>
    `WITH x AS (SELECT ${value} AS v, count(*) AS n, sum(exact) AS total FROM moments GROUP BY 1)
     SELECT a.v, (SELECT count(*) FROM x b WHERE ${condition}) AS near, (SELECT sum(b.n) FROM x b WHERE ${condition}) AS n FROM x a ORDER BY a.v`;

  it.each([
    ['local::date', 'b.v BETWEEN a.v - 6 AND a.v'],
    ['at::date', "b.v BETWEEN a.v - interval '1 month' AND a.v"],
    ["date_trunc('day', local)", "b.v >= a.v - interval '3 days' AND b.v < a.v"],
    ['whole', 'b.v BETWEEN a.v - 2 AND a.v + 2'],
  ])('are those of a window over groups in WITH, of %s', async (value, condition) => {
    const sql = ofGroups(value, condition);
    const windowed = windowOf(sql);
    expect(windowed).toMatch(/ RANGE BETWEEN /);
    expect(await session.query(windowed ?? '')).toEqual(await session.query(sql));
  });

  it.each([
    ['near::float8', 'b.v BETWEEN a.v - 6 AND a.v'],
    ['coalesce(day, local)', "b.v BETWEEN a.v - interval '1 month' AND a.v"],
    ['coalesce(whole, near)', 'b.v BETWEEN a.v - 2 AND a.v + 2'],
    ["date_trunc('month', local)", "b.v BETWEEN a.v - interval '1 month' AND a.v"],
  ])('are left alone over groups in WITH, of %s', (value, condition) => {
    expect(windowOf(ofGroups(value, condition))).toBeNull();
  });
});
