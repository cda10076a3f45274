import { beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/model/catalog.js';
import type { Session } from '../../../src/postgres/session.js';
import { rowsOfParents } from '../../../src/sql/rewrite/rows-of-parents.js';
import { selectedGroups } from '../../../src/sql/rewrite/selected-groups.js';
import type { VariantId } from '../../../src/sql/rewrite/variants.js';
import { withSchema, writtenAs } from './with-schema.js';

/** Tables whose columns bear the names that are given to what is added. */
const SCHEMA = `
  CREATE TABLE halls (id int PRIMARY KEY, place int, value int, key int, at int, part int, is_own boolean);
  CREATE TABLE shows (id int PRIMARY KEY, hall int NOT NULL REFERENCES halls, seats int NOT NULL, place int, tie int, value int, key int);
  INSERT INTO halls SELECT g, g % 4, g, g, nullif(g % 6, 2), g, g % 2 = 0 FROM generate_series(1, 20) g;
  INSERT INTO shows SELECT g, 1 + g * 7 % 15, g % 9, g, g, g, g FROM generate_series(1, 90) g`;

let session: Session;
let catalog: Catalog;

beforeAll(async () => {
  ({ session, catalog } = await withSchema(SCHEMA));
}, 60_000);

function written(id: VariantId, sql: string): string | null {
  return writtenAs(id, sql, catalog);
}

async function same(sql: string, rewritten: string | null): Promise<void> {
  expect(rewritten).not.toBeNull();
  expect(await session.query(rewritten ?? '')).toEqual(await session.query(sql));
}

describe('columns that are added beside all of a table', () => {
  it.each<[VariantId, string]>([
    ['window', 'SELECT h.id FROM halls h WHERE h.id > (SELECT avg(o.id) FROM halls o WHERE o.at = h.at) ORDER BY 1'],
    ['window', 'SELECT h.id FROM halls h WHERE 3 > (SELECT count(*) FROM halls o WHERE o.at < h.at) ORDER BY 1'],
    ['merged-totals', 'SELECT h.id, (SELECT sum(s.seats) FROM shows s WHERE s.hall <= h.at) FROM halls h ORDER BY 1'],
    ['joined-group', 'SELECT h.id, (SELECT count(*) FROM (SELECT * FROM shows s WHERE s.hall = h.id) x) FROM halls h'],
  ])('have other names than those in a %s', async (id, sql) => {
    await same(sql, written(id, sql));
  });

  it('have other names than those of the rows of each parent', async () => {
    const sql = `SELECT x.id, x.r FROM (SELECT id, row_number() OVER (PARTITION BY hall ORDER BY id DESC) AS r FROM shows) x
      WHERE x.r <= 2 ORDER BY x.id`;
    await same(sql, rowsOfParents(sql, catalog));
  });
});

describe('what ties a query in FROM to the row around', () => {
  it.each([
    'sum(x.seats) FROM (SELECT s.seats FROM shows s WHERE s.hall = h.id) x',
    'count(DISTINCT x.seats) FROM (SELECT DISTINCT s.seats, s.place FROM shows s WHERE s.hall = h.id) x WHERE x.place > 3',
  ])('is a column of it in %s', async (subquery) => {
    const sql = `SELECT h.id, (SELECT ${subquery}) FROM halls h ORDER BY h.id`;
    await same(sql, written('joined-group', sql));
  });

  it.each([
    'json_agg(x) FROM (SELECT s.seats FROM shows s WHERE s.hall = h.id ORDER BY s.id) x',
    'jsonb_agg(to_jsonb(x.*) ORDER BY x.id) FROM (SELECT s.id, s.seats FROM shows s WHERE s.hall = h.id) x',
    'count(DISTINCT x) FROM (SELECT s.seats FROM shows s WHERE s.hall = h.id) x',
    'count(*) FROM (SELECT s.place FROM shows s WHERE s.hall = h.id) x WHERE x IS NULL',
  ])('stays within it in %s, which reads whole rows', async (subquery) => {
    const sql = `SELECT h.id, (SELECT ${subquery}) FROM halls h ORDER BY h.id`;
    for (const id of ['joined-group', 'lateral-join', 'group-join'] as const) {
      const text = written(id, sql);
      if (text !== null) await same(sql, text);
      expect(text ?? '').not.toMatch(/\btie/);
    }
  });
});

describe('a key that is told of last rows', () => {
  const last = (given: string, key: string) =>
    `SELECT ${given} FROM shows s JOIN (SELECT max(id) AS last FROM shows GROUP BY hall) l ON l.last = s.id WHERE ${key} = 3`;

  it('is a column of theirs', async () => {
    const sql = last('s.hall, seats', 's.hall');
    const text = selectedGroups(sql, catalog);
    expect(text).toContain('l.hall = s.hall');
    await same(sql, text);
  });

  it('is none where its name stands without a table', () => {
    expect(selectedGroups(last('seats', 'hall'), catalog) ?? '').not.toMatch(/l\.hall/);
  });
});
