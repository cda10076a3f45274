import { beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/model/catalog.js';
import type { Session } from '../../../src/postgres/session.js';
import type { VariantId } from '../../../src/sql/rewrite/variants.js';
import { withSchema, writtenAs } from './with-schema.js';

/** Days that several rows have, texts that are equal in any case, numbers of several scales. */
const SCHEMA = `
  CREATE EXTENSION citext;
  CREATE FUNCTION twice(int) RETURNS SETOF int LANGUAGE sql IMMUTABLE AS 'SELECT $1 UNION ALL SELECT $1';
  CREATE TABLE readings (id int PRIMARY KEY, meter int, place int NOT NULL, day date, label citext, value numeric, UNIQUE (meter, place));
  CREATE TABLE marks (id int PRIMARY KEY, reading int NOT NULL, day date);
  INSERT INTO readings SELECT g, nullif(g % 5, 3), g, date '2024-01-01' + nullif(g % 7, 4), CASE g % 4 WHEN 0 THEN 'A' ELSE 'a' END,
    CASE g % 3 WHEN 0 THEN 1.0 WHEN 1 THEN 1.00 ELSE g END FROM generate_series(1, 60) g;
  INSERT INTO marks SELECT g, g % 40, date '2024-01-01' + g % 9 FROM generate_series(1, 80) g`;

let session: Session;
let catalog: Catalog;

beforeAll(async () => {
  ({ session, catalog } = await withSchema(SCHEMA));
}, 60_000);

function written(id: VariantId, sql: string): string | null {
  return writtenAs(id, sql, catalog);
}

const own = (subquery: string) => `SELECT r.id, (SELECT ${subquery}) AS found FROM readings r ORDER BY r.id`;

describe('a window over the rows of a table', () => {
  it.each([
    own('o.day FROM readings o WHERE o.meter = r.meter AND o.day < r.day ORDER BY o.day DESC LIMIT 1'),
    own('o.value FROM readings o WHERE o.id < r.id ORDER BY o.id DESC LIMIT 1'),
    own('o.label FROM readings o WHERE o.meter = r.meter AND o.place > r.place ORDER BY o.place LIMIT 1'),
    own(
      'o.day + o.meter FROM readings o WHERE (o.place, o.id) < (r.place, r.id) AND o.meter = r.meter ORDER BY o.place DESC, o.id DESC LIMIT 1',
    ),
    own('count(DISTINCT o.label) FROM readings o WHERE o.label <= r.label'),
  ])('gives what nothing is left open of, as in %s', async (sql) => {
    const windowed = written('window', sql);
    expect(windowed).toMatch(/ OVER /);
    expect(await session.query(windowed ?? '')).toEqual(await session.query(sql));
  });

  it.each([
    ['a first row of several', 'o.id FROM readings o WHERE o.day < r.day ORDER BY o.day DESC LIMIT 1'],
    [
      'a first row by the first of two columns',
      'o.id FROM readings o WHERE (o.place, o.id) < (r.place, r.id) ORDER BY o.place DESC LIMIT 1',
    ],
    [
      'texts that are equal in any case',
      'o.label FROM readings o WHERE o.label < r.label ORDER BY o.label DESC LIMIT 1',
    ],
    ['numbers of several scales', 'o.value FROM readings o WHERE o.value < r.value ORDER BY o.value DESC LIMIT 1'],
    ['what is collected', 'array_agg(o.id) FROM readings o WHERE o.meter = r.meter'],
    ['what is strung together', `string_agg(o.label::text, ',') FROM readings o WHERE o.day <= r.day`],
  ])('is none for %s', (_, subquery) => {
    expect(written('window', own(subquery)) ?? '').not.toMatch(/ OVER /);
  });

  it.each([
    [
      'what tables alone have',
      'SELECT r.id FROM readings r WHERE (SELECT count(*) FROM T o WHERE o.day <= r.day) > 1 ORDER BY r.ctid',
    ],
    [
      'what a primary key settles',
      'SELECT r.id, r.meter, count(*) FROM readings r WHERE (SELECT count(*) FROM T o WHERE o.day <= r.day) > 1 GROUP BY r.id',
    ],
  ])('takes no table’s place around which stands %s', (_, sql) => {
    expect(written('window', sql.replace(/\bT\b/, 'readings'))).toBeNull();
    expect(written('merged-totals', sql.replace(/\bT\b/, 'marks'))).toBeNull();
  });

  it('takes the place of a table beside groups by the key of another one', async () => {
    const sql = `SELECT m.id, m.day, count(*) AS n FROM marks m JOIN readings r ON r.id = m.reading
      WHERE r.place > (SELECT avg(o.place) FROM readings o WHERE o.meter = r.meter) GROUP BY m.id ORDER BY m.id`;
    const windowed = written('window', sql);
    expect(windowed).toMatch(/ OVER /);
    expect(await session.query(windowed ?? '')).toEqual(await session.query(sql));
  });
});

describe('a join in the place of a subquery', () => {
  it.each<[VariantId, string]>([
    ['lookup-join', 'unnest(ARRAY[o.place, 1]) FROM readings o WHERE o.id = r.reading LIMIT 1'],
    ['lookup-join', 'twice(o.place) FROM readings o WHERE o.id = r.reading LIMIT 1'],
    ['latest-join', 'generate_series(1, o.place) FROM readings o WHERE o.meter = r.reading ORDER BY o.id LIMIT 1'],
    ['window', 'twice(o.id) FROM marks o WHERE o.id <= r.id ORDER BY o.id DESC LIMIT 1'],
  ])('by way of %s makes no rows of %s', (id, subquery) => {
    expect(written(id, `SELECT r.id, (SELECT ${subquery}) FROM marks r`)).toBeNull();
    const one = subquery.replace(/^\w+\((ARRAY\[|1, )?(o\.\w+)(, 1\])?\)/, '$2');
    expect(written(id, `SELECT r.id, (SELECT ${one}) FROM marks r`)).not.toBeNull();
  });
});
