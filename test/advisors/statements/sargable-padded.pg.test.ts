import { beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/model/catalog.js';
import type { Session } from '../../../src/postgres/session.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { testDatabase } from '../../postgres.js';
import { firstForm } from './first-form.js';

let session: Session;
let catalog: Catalog;

beforeAll(async () => {
  ({ session } = await testDatabase());
  await session.script(`
    CREATE EXTENSION citext; CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
    CREATE TABLE trips (id int PRIMARY KEY, code char(6), wide char(3) NOT NULL, name text, short varchar(6), blind citext, title char(6) COLLATE any_case);
    INSERT INTO trips SELECT row_number() OVER (), c, 'äöü', c, c, c, c
      FROM unnest(ARRAY['12F5D0', 'ab', 'AB', ' ab', 'a b', '', E'a\\t', 'ab''c', E'a\\\\b', '%', NULL]) c`);
  ({ catalog } = await readSnapshot(session));
});

/** The statement's only other form; null for none. */
function written(condition: string): string | null {
  return firstForm(`SELECT id FROM trips WHERE ${condition}`, catalog);
}

async function rowsOf(condition: string, value?: string): Promise<readonly unknown[]> {
  const sql = `SELECT id FROM trips WHERE (${condition})`;
  const { rows } = await session.query(`${sql} ORDER BY id`, value === undefined ? [] : [value]);
  return rows;
}

const TEXTS = ['12F5D0', 'ab', ' ab', 'a b', '', 'a\t', "ab'c", 'a\\b', '%', 'zz', 'abcdefghi'];

describe('a padded column that is compared with a text', () => {
  it.each(TEXTS)('is bare for %j', async (text) => {
    const literal = `'${text.replaceAll("'", "''")}'`;
    for (const condition of [
      `code = ${literal}::text`,
      `code::text = ${literal}`,
      `${literal}::text = code::varchar`,
    ]) {
      const other = written(condition)?.replace(/^[\s\S]*?WHERE\s+/, '') ?? '';
      expect(other).toMatch(/^trips\.code = .*bpchar/);
      expect(await rowsOf(other)).toEqual(await rowsOf(condition));
    }
  });

  it.each([...TEXTS, 'ab ', ' ', '12F5D0 '])('is bare for a parameter that is %j', async (text) => {
    for (const condition of ['code = $1::text', 'code::text = $1']) {
      const other = written(condition)?.replace(/^[\s\S]*?WHERE\s+/, '') ?? '';
      expect(other).toMatch(/^trips\.code = \(CASE/);
      expect(await rowsOf(other, text)).toEqual(await rowsOf(condition, text));
    }
  });

  it.each([
    ['ends with a blank, which no text of it does', "code = 'ab '::text"],
    ['is the column’s own type', "code = 'ab'::char(6)"],
    ['takes the column’s type', "code = 'ab'"],
    ['is cut', "code = 'ab'::varchar(1)::text"],
    ['is blind to case', "code::text = 'AB'::citext"],
    ['is another column', 'code = name'],
    ['is another column, as text', 'code = short::text'],
    ['has another collation', `code = 'ab'::text COLLATE "C"`],
    ['is compared by another collation', "title = 'ab'::text"],
    ['is compared otherwise', "code <> 'ab'::text"],
    ['is a pattern', "code LIKE 'ab'::text"],
    ['is compared with the beginning', "code::varchar(1) = 'a'"],
  ])('stays where the value %s', (_, condition) => {
    expect(written(condition)).toBeNull();
  });
});
