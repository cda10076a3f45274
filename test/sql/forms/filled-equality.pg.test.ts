import { beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/model/catalog.js';
import type { Session } from '../../../src/postgres/session.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { spelledComparisons } from '../../../src/sql/forms/spelled-comparisons.js';
import { testDatabase } from '../../postgres.js';

let session: Session;
let catalog: Catalog;

beforeAll(async () => {
  ({ session } = await testDatabase());
  await session.script(`
    CREATE EXTENSION citext;
    CREATE TABLE codes (id int PRIMARY KEY, code text NOT NULL, sub text, blind citext NOT NULL, size float8 NOT NULL);
    CREATE TABLE faults (id int PRIMARY KEY, code text, sub text, blind citext, size numeric);
    INSERT INTO codes SELECT row_number() OVER (), c, s, b, n
      FROM unnest(ARRAY['a', 'b', '']) c, unnest(ARRAY['x', 'y', NULL]) s, unnest(ARRAY['k', 'K']) b, unnest(ARRAY[-0.0::float8, 'NaN']) n;
    INSERT INTO faults SELECT row_number() OVER (), c, s, b, n
      FROM unnest(ARRAY['a', 'c', '', NULL]) c, unnest(ARRAY['x', NULL]) s, unnest(ARRAY['k', NULL]) b, unnest(ARRAY[0, 'NaN'::numeric, NULL]) n;
    CREATE TABLE parents (code text NOT NULL); CREATE TABLE heirs () INHERITS (parents)`);
  ({ catalog } = await readSnapshot(session));
});

function written(sql: string): string | null {
  return spelledComparisons(sql, catalog)?.replaceAll(/\s+/g, ' ') ?? null;
}

describe('what is not distinct', () => {
  it.each([
    'SELECT f.id, c.id FROM faults f JOIN codes c ON c.code IS NOT DISTINCT FROM f.code AND c.sub IS NOT DISTINCT FROM f.sub',
    'SELECT f.id, c.id FROM faults f LEFT JOIN codes c ON f.code IS NOT DISTINCT FROM c.code',
    'SELECT f.id, c.id FROM codes c RIGHT JOIN faults f ON f.code IS NOT DISTINCT FROM c.code',
    'SELECT f.id, c.id FROM codes c LEFT JOIN faults f ON f.code IS NOT DISTINCT FROM c.code AND f.id > 3',
    'SELECT f.id, c.id FROM faults f, codes c WHERE f.blind IS NOT DISTINCT FROM c.blind AND f.size IS NOT DISTINCT FROM c.size',
    'SELECT f.id FROM faults f WHERE EXISTS (SELECT 1 FROM codes c WHERE c.code IS NOT DISTINCT FROM f.code AND c.id > 2)',
    'SELECT f.id FROM faults f WHERE NOT EXISTS (SELECT 1 FROM codes c WHERE c.code IS NOT DISTINCT FROM f.code)',
  ])('of what is never NULL equals it: %s', async (sql) => {
    const other = written(sql);
    expect(other).toMatch(/(code|blind|size) = /);
    const [rows, others] = [await session.query(sql), await session.query(other ?? '')].map((each) =>
      each.rows.map((row) => JSON.stringify(row)).sort(),
    );
    expect(rows?.length).toBeGreaterThan(0);
    expect(others).toEqual(rows);
  });

  it('leaves the column that may be NULL as it is', () => {
    expect(
      written(
        'SELECT f.id FROM faults f JOIN codes c ON c.code IS NOT DISTINCT FROM f.code AND c.sub IS NOT DISTINCT FROM f.sub',
      ),
    ).toMatch(/c\.sub IS NOT DISTINCT FROM f\.sub/);
  });

  it.each([
    ['both may be NULL', 'SELECT f.id FROM faults f JOIN codes c ON c.sub IS NOT DISTINCT FROM f.sub'],
    [
      'the row may be missing',
      'SELECT f.id FROM faults f LEFT JOIN codes c ON c.id = f.id JOIN faults g ON g.code IS NOT DISTINCT FROM c.code',
    ],
    [
      'the row may be missing within the join',
      'SELECT f.id FROM faults f LEFT JOIN (faults g LEFT JOIN codes c ON c.id = g.id) ON f.code IS NOT DISTINCT FROM c.code',
    ],
    [
      'it is denied',
      'SELECT f.id FROM faults f JOIN codes c ON NOT (c.code IS NOT DISTINCT FROM f.code) WHERE f.id < 3',
    ],
    [
      'it stands beside OR',
      'SELECT f.id FROM faults f JOIN codes c ON c.code IS NOT DISTINCT FROM f.code OR c.id = f.id',
    ],
    ['it is given', 'SELECT c.code IS NOT DISTINCT FROM f.code FROM faults f JOIN codes c ON c.id = f.id'],
    ['it is counted', 'SELECT count(*) FILTER (WHERE c.code IS NOT DISTINCT FROM f.code) FROM faults f, codes c'],
    [
      'PostgreSQL joins in full by = alone',
      'SELECT f.id FROM faults f FULL JOIN codes c ON c.code IS NOT DISTINCT FROM f.code',
    ],
    ['it is distinct', 'SELECT f.id FROM faults f JOIN codes c ON c.code IS DISTINCT FROM f.code'],
    [
      'tables that inherit may have NULL',
      'SELECT f.id FROM faults f JOIN parents p ON p.code IS NOT DISTINCT FROM f.code',
    ],
    [
      'what is computed may fail',
      'SELECT f.id FROM faults f JOIN codes c ON c.size IS NOT DISTINCT FROM 10 / f.size WHERE f.size <> 0',
    ],
    [
      'groups of a rollup have NULL for it',
      'SELECT c.code, (SELECT count(*) FROM faults f WHERE f.code IS NOT DISTINCT FROM c.code) FROM codes c GROUP BY ROLLUP (c.code)',
    ],
    [
      'a join gives its columns other names',
      'SELECT f.id FROM (faults g JOIN codes c ON c.id = g.id) AS j (a, code, sub, blind, size, b, d) JOIN faults f ON f.code IS NOT DISTINCT FROM j.code',
    ],
  ])('stays where %s', (_, sql) => {
    expect(written(sql)).toBeNull();
  });
});
