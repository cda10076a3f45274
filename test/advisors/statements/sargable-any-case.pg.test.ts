import { beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/model/catalog.js';
import type { Session } from '../../../src/postgres/session.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { testDatabase } from '../../postgres.js';
import { firstCondition } from './first-form.js';

/** Letters of two cases, of one alone, of several in one case, and those that are lowered by what stands beside them. */
const TEXTS = [
  ...['ann', 'ANN', 'Ann ', ' ann', '', "o'Neil", 'STRASSE', 'straße', 'STRAẞE', 'istanbul', 'İSTANBUL', 'ISTANBUL'],
  ...['ıstanbul', 'i\u0307stanbul', 'ΟΔΟΣ', 'οδος', 'οδοσ', '5 \u212Aelvin', '5 kelvin', 'Ångström', '\u212Bngström'],
  ...['A\u030Angström', 'ǅ', 'ǆ', 'Ǆ', 'Ⓐ', 'ⓐ', '𐐀', '𐐨', 'ａ％', 'Ａ％'],
];

const COLLATIONS = `
  CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
  CREATE COLLATION turkish (provider = icu, locale = 'tr');
  CREATE DOMAIN turkish_text AS text COLLATE turkish`;
const TABLE = `
  CREATE TABLE people (
    id int PRIMARY KEY, email text, short varchar(40) NOT NULL, padded char(40), blind citext, plain text COLLATE "C",
    local text COLLATE turkish, loose text COLLATE any_case, domestic turkish_text, tag name)`;

let session: Session;
let catalog: Catalog;

beforeAll(async () => {
  ({ session } = await testDatabase());
  await session.script(`CREATE EXTENSION citext; ${COLLATIONS}; ${TABLE}`);
  await session.query(
    `INSERT INTO people (id, email, short) SELECT row_number() OVER (), t, coalesce(t, 'x') FROM unnest($1::text[] || NULL::text) t`,
    [TEXTS],
  );
  ({ catalog } = await readSnapshot(session));
});

/** The statement's only other form; null for none. */
function written(condition: string, known: Catalog = catalog): string | null {
  return firstCondition(`SELECT id FROM people WHERE ${condition}`, known);
}

async function idsOf(condition: string): Promise<readonly unknown[]> {
  return (await session.query(`SELECT id FROM people WHERE (${condition}) ORDER BY id`)).rows;
}

describe('a text that is compared in any case', () => {
  it.each(TEXTS)('is lowered like its pattern, for %j', async (text) => {
    for (const column of ['email', 'short']) {
      const condition = `${column} ILIKE '${text.replaceAll("'", "''")}'`;
      const other = written(condition) ?? '';
      expect(other).toMatch(/^lower\(people\.\w+\) = lower\('/);
      const rows = await idsOf(condition);
      expect(rows).not.toEqual([]);
      expect(await idsOf(other)).toEqual(rows);
      expect(await idsOf(`(${other}) IS NULL`)).toEqual(await idsOf(`(${condition}) IS NULL`));
    }
  });

  it.each([
    ['has a wildcard', "email ILIKE 'a_n'"],
    ['ends with a wildcard', "email ILIKE 'ann%'"],
    ['has an escape', "email ILIKE E'a\\\\nn'"],
    ['has an escape of its own', "email ILIKE 'ann' ESCAPE 'n'"],
    ['is not told', 'email ILIKE $1'],
    ['is NULL', 'email ILIKE NULL'],
    ['is denied', "email NOT ILIKE 'ann'"],
    ['is another column', 'email ILIKE short'],
    ['has a collation', `email ILIKE 'ann' COLLATE "C"`],
    ['minds the case', "email LIKE 'ann'"],
    ['is compared with padded texts', "padded ILIKE 'ann'"],
    ['is compared with texts that fold case themselves', "blind ILIKE 'ann'"],
    ['is compared with texts that bytes order', "plain ILIKE 'ann'"],
    ['is compared with texts of a language', "local ILIKE 'ann'"],
    ['is compared with texts that need not be the same to be equal', "loose ILIKE 'ann'"],
    ['is compared with a domain of a language', "domestic ILIKE 'ann'"],
    ['is compared with names', "tag ILIKE 'ann'"],
    ['is compared with what is made of texts', "(email || 'x') ILIKE 'ann'"],
  ])('stays where the pattern %s', (_, condition) => {
    expect(written(condition)).toBeNull();
  });

  it('stays where letters are single bytes, and where it is not known', () => {
    const { locale, ...unknown } = catalog;
    expect(locale?.encoding).toBe('UTF8');
    expect(written("email ILIKE 'ann'")).not.toBeNull();
    expect(written("email ILIKE 'ann'", unknown)).toBeNull();
    const latin: Catalog = locale === undefined ? unknown : { ...catalog, locale: { ...locale, encoding: 'LATIN1' } };
    expect(written("email ILIKE 'ann'", latin)).toBeNull();
  });

  it('stays where the database has a lower() of its own', async () => {
    await session.script(
      `CREATE FUNCTION lower(character varying) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT 'x' $$`,
    );
    const { catalog: other } = await readSnapshot(session);
    await session.script('DROP FUNCTION public.lower(character varying)');
    expect(written("short ILIKE 'ann'", other)).toBeNull();
  });
});
