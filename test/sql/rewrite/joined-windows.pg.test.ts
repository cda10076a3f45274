import { beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/model/catalog.js';
import type { Session } from '../../../src/postgres/session.js';
import { withSchema, writtenAs } from './with-schema.js';

/** Several rows of each pair, ties, NULLs in keys and orders, padded text, numbers of several scales. */
const SCHEMA = `
  CREATE EXTENSION citext;
  CREATE TABLE depots (id int PRIMARY KEY, town text, kind char(4), code citext NOT NULL, opened date, size int NOT NULL);
  CREATE TABLE stock (id int PRIMARY KEY, depot int, product int NOT NULL, code text NOT NULL, state text NOT NULL, amount numeric, pieces int, weight float8, day date);
  INSERT INTO depots SELECT g, CASE g % 5 WHEN 0 THEN NULL ELSE 't' || g % 3 END, CASE g % 3 WHEN 0 THEN NULL WHEN 1 THEN 'a' ELSE 'b' END,
    CASE g % 2 WHEN 0 THEN 'A' ELSE 'a' END, date '2024-01-01' + nullif(g % 4, 3), g % 3 FROM generate_series(1, 14) g;
  INSERT INTO stock SELECT g, nullif(g * 7 % 17, 0), g % 4, CASE g % 2 WHEN 0 THEN 'A' ELSE 'a' END, CASE g % 3 WHEN 0 THEN 'in' ELSE 'out' END,
    CASE g % 9 WHEN 0 THEN NULL WHEN 1 THEN 1.50 WHEN 2 THEN 1.5 WHEN 3 THEN 'NaN' ELSE g % 7 END, nullif(g % 6, 4),
    CASE g % 5 WHEN 0 THEN 'NaN' WHEN 1 THEN -0.0 ELSE g END, date '2024-02-01' + nullif(g % 8, 5) FROM generate_series(1, 160) g`;

let session: Session;
let catalog: Catalog;

beforeAll(async () => {
  ({ session, catalog } = await withSchema(SCHEMA));
}, 60_000);

const windowOf = (sql: string) => writtenAs('window', sql, catalog);

const INSIDE = 'FROM stock x JOIN depots y ON y.id = x.depot';
const AROUND = 'FROM stock s JOIN depots d ON d.id = s.depot';
const rows = (subquery: string, where = '') =>
  `SELECT s.id, d.town, (SELECT ${subquery}) AS found ${AROUND} ${where} ORDER BY s.id`;
const groups = (subquery: string, keys = 'd.town, s.product', rest = '') =>
  `SELECT ${keys}, count(*) AS n, (SELECT ${subquery}) AS found ${AROUND} ${rest.startsWith('WHERE') ? rest : ''}
   GROUP BY ${keys} ${rest.startsWith('WHERE') ? '' : rest} ORDER BY 1, 2, 3`;

describe('what a subquery reads of the same join as the rows around it', () => {
  it.each([
    rows(`1 + count(*) ${INSIDE} WHERE y.town = d.town AND x.amount > s.amount`),
    rows(`count(*) ${INSIDE} WHERE y.town = d.town AND x.day <= s.day AND y.kind = d.kind`),
    rows(`count(DISTINCT x.amount) ${INSIDE} WHERE y.kind = d.kind AND x.amount < s.amount`),
    rows(`avg(x.amount) ${INSIDE} WHERE y.town = d.town AND x.state = 'in'`),
    rows(`max(x.day) - min(y.opened) ${INSIDE} WHERE d.kind = y.kind AND x.product = s.product`),
    rows(`x.day ${INSIDE} WHERE y.town = d.town AND x.day < s.day ORDER BY x.day DESC LIMIT 1`),
    rows(`count(y.opened) ${INSIDE} WHERE x.product = s.product AND y.opened > d.opened`),
    rows(
      `sum(x.pieces) FROM depots AS y, stock AS x WHERE x.depot = y.id AND x.state = 'out' AND town = d.town`,
      "WHERE state = 'out' AND d.town = 't1'",
    ),
    rows(
      `count(*) ${INSIDE} WHERE y.size = d.size AND x.day BETWEEN '2024-02-02' AND '2024-02-06'`,
      "WHERE s.day >= '2024-02-02' AND s.day <= '2024-02-06'",
    ),
    rows(`count(*) ${INSIDE} AND x.product = s.product WHERE s.amount >= x.amount`, 'WHERE s.product < 3'),
    `SELECT s.id ${AROUND} ORDER BY (SELECT sum(x.pieces) ${INSIDE} WHERE y.town = d.town) NULLS FIRST, s.id LIMIT 30`,
    groups(`sum(x.amount) ${INSIDE} WHERE y.town = d.town`),
    groups(`count(*) ${INSIDE} WHERE y.town = d.town AND x.state = 'in'`),
    groups(`avg(x.pieces) ${INSIDE} WHERE y.town = d.town AND x.product = s.product`, 'd.town, s.product, s.state'),
    groups(`max(x.amount) ${INSIDE} WHERE y.kind = d.kind`, 'd.id'),
    groups(
      `sum(x.pieces) ${INSIDE} WHERE x.state = 'out' AND x.product = s.product`,
      undefined,
      "WHERE s.state = 'out'",
    ),
    `SELECT s.depot, s.product, round(100 * sum(s.amount) / nullif((SELECT sum(x.amount) FROM stock x WHERE x.depot = s.depot), 0), 2)
     FROM stock s GROUP BY s.depot, s.product ORDER BY 1, 2`,
  ])('comes from a window, for %s', async (sql) => {
    const windowed = windowOf(sql);
    expect(windowed).toMatch(/ OVER /);
    expect(windowed).not.toMatch(/ AS x\b/);
    expect(await session.query(windowed ?? '')).toEqual(await session.query(sql));
  });

  it.each([
    ['other rows', rows(`count(*) ${INSIDE} WHERE y.town = d.town`, "WHERE s.state = 'in'")],
    [
      'rows that another value chooses',
      rows(`count(*) ${INSIDE} WHERE y.town = d.town AND x.state = 'out'`, "WHERE s.state = 'in'"),
    ],
    ['a key that another column settles', rows(`count(*) ${INSIDE} WHERE y.town = d.town`, "WHERE d.kind = 'a'")],
    [
      'a key as another type chooses it',
      rows(`count(*) ${INSIDE} WHERE y.town = d.town`, "WHERE lower(d.town) = 't1'"),
    ],
    ['a column of the other table', rows(`count(*) ${INSIDE} WHERE x.id = d.id`)],
    ['columns of one name of two tables', rows(`count(*) ${INSIDE} WHERE x.code = d.code`)],
    ['two orders', rows(`count(*) ${INSIDE} WHERE x.day < s.day AND y.opened < d.opened`)],
    ['another join', rows('count(*) FROM stock x JOIN depots y ON y.id = x.product WHERE y.town = d.town')],
    ['an outer join', rows('count(*) FROM stock x LEFT JOIN depots y ON y.id = x.depot WHERE y.town = d.town')],
    [
      'the first of several rows',
      rows(`x.id ${INSIDE} WHERE y.town = d.town AND x.day < s.day ORDER BY x.day DESC LIMIT 1`),
    ],
    ['what is collected', rows(`array_agg(x.id) ${INSIDE} WHERE y.town = d.town`)],
    [
      'a rank of fewer rows',
      rows(`count(DISTINCT x.day) ${INSIDE} WHERE y.town = d.town AND x.state = 'in' AND x.day < s.day`),
    ],
    ['locked rows', `SELECT s.id, (SELECT count(*) ${INSIDE} WHERE y.town = d.town) ${AROUND} FOR UPDATE`],
    ['the argument of an aggregate', `SELECT max((SELECT count(*) ${INSIDE} WHERE y.town = d.town)) ${AROUND}`],
    ['the argument of a window', `SELECT max((SELECT count(*) ${INSIDE} WHERE y.town = d.town)) OVER () ${AROUND}`],
    [
      'groups that are chosen',
      groups(`sum(x.amount) ${INSIDE} WHERE y.town = d.town`, undefined, 'HAVING count(*) > 2'),
    ],
    [
      'groups of several kinds',
      groups(`count(*) ${INSIDE} WHERE y.town = d.town`).replace(
        'GROUP BY d.town, s.product',
        'GROUP BY ROLLUP (d.town, s.product)',
      ),
    ],
    ['an order of groups', groups(`count(*) ${INSIDE} WHERE x.product < s.product`)],
    ['sums of floating point of groups', groups(`sum(x.weight) ${INSIDE} WHERE y.town = d.town`)],
    ['distinct values of groups', groups(`count(DISTINCT x.id) ${INSIDE} WHERE y.town = d.town`)],
    [
      'what differs from time to time',
      rows(`count(*) ${INSIDE} WHERE y.town = d.town AND random() < 1`, 'WHERE random() < 1'),
    ],
  ])('stays a query for %s', (_, sql) => {
    expect(windowOf(sql) ?? '').not.toMatch(
      /(count|sum|avg|dense_rank|last_value|array_agg)\([^()]*(\([^()]*\))?\)[^,]*? OVER \( ?(PARTITION|ORDER)/,
    );
  });
});

describe('the parts that a window is computed of', () => {
  const newest = (join: string, where: string) =>
    `SELECT s.id, s.depot FROM stock s ${join} WHERE ${where}
       AND (SELECT count(*) FROM stock n WHERE n.depot = s.depot AND n.day > s.day) < 2 ORDER BY s.id`;

  it.each([
    newest('JOIN depots d ON d.id = s.depot', "d.town = 't1'"),
    newest(', depots d', "s.depot = d.id AND town = 't1' AND d.size > 0"),
    newest('JOIN depots d ON d.id = s.depot JOIN depots e ON e.size = d.size', "e.town = 't2' AND e.id < 9"),
    newest('JOIN depots d ON d.id = s.depot LEFT JOIN depots e ON e.size = d.id', "d.town = 't1' AND e.town IS NULL"),
  ])('are those alone that the tables around let through, for %s', async (sql) => {
    const windowed = windowOf(sql);
    expect(windowed).toMatch(/s\.depot IN \(SELECT/);
    expect(await session.query(windowed ?? '')).toEqual(await session.query(sql));
  });

  it.each([
    ['is joined by another column', newest('JOIN depots d ON d.id = s.product', "d.town = 't1'")],
    ['is joined in an outer join', newest('LEFT JOIN depots d ON d.id = s.depot', 'd.town IS NULL')],
    ['is asked nothing', newest('JOIN depots d ON d.id = s.depot', 's.product > 1')],
    [
      'compares keys that differ',
      newest('JOIN depots d ON d.code = s.code', "d.town = 't1'").replace('n.depot = s.depot', 'n.code = s.code'),
    ],
    ['is asked by chance', newest('JOIN depots d ON d.id = s.depot', 'd.size > random()')],
    ['may be missing the rows', newest('RIGHT JOIN depots d ON d.id = s.depot', "d.town = 't1'")],
  ])('are all of them where a table %s', (_, sql) => {
    expect(windowOf(sql) ?? '').not.toMatch(/ IN \(SELECT/);
  });
});
