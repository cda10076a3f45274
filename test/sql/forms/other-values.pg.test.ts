import { beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/model/catalog.js';
import type { Session } from '../../../src/postgres/session.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { otherValues } from '../../../src/sql/forms/other-values.js';
import { testDatabase } from '../../postgres.js';

let session: Session;
let catalog: Catalog;

beforeAll(async () => {
  ({ session } = await testDatabase());
  await session.script(`
    CREATE EXTENSION citext; CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', deterministic = false);
    CREATE TABLE jobs (
      id int, state text CHECK (state IN ('new', 'open', 'it''s', 'done')), level int CHECK (level IN (0, 1, 2, 30)),
      short varchar(9) CHECK (short IN ('a', 'b', 'c') OR short IS NULL), single text CHECK (single IN ('x', 'y') AND id > 0),
      flat text COLLATE any_case CHECK (flat IN ('a', 'b')), blind citext CHECK (blind IN ('a', 'b')), tag char(4) CHECK (tag IN ('a', 'b')),
      digits text CHECK (digits::int IN (1, 2)), signed int CHECK (signed IN (-1, 1, 2)), broad text, late text, small smallint CHECK (small IN (1, 2, 3)));
    ALTER TABLE jobs ADD CHECK (broad IN ('a', 'b') OR id > 5);
    ALTER TABLE jobs ADD CHECK (late IN ('a', 'b')) NOT VALID;
    INSERT INTO jobs (id, state, level, short, single, small)
      SELECT row_number() OVER (), s, l, v, x, m FROM unnest(ARRAY['new', 'open', 'it''s', 'done', NULL]) s, unnest(ARRAY[0, 1, 2, 30, NULL]) l,
        unnest(ARRAY['a', 'b', 'c', NULL]) v, unnest(ARRAY['x', 'y', NULL]) x, unnest(ARRAY[1, 2, 3, NULL]) m;
    ALTER TABLE jobs ADD bare text CHECK (bare IN ('a', 'b'));
    ${'state level short single flat blind tag digits signed broad late small'
      .split(' ')
      .map((name) => `CREATE INDEX ON jobs (${name}, id);`)
      .join(' ')}
    CREATE TABLE parents (state text, CHECK (state IN ('a', 'b')) NO INHERIT); CREATE INDEX ON parents (state); CREATE TABLE heirs () INHERITS (parents)`);
  ({ catalog } = await readSnapshot(session));
});

/** The condition that a statement is given in the place of its own; null for none. */
function written(condition: string, table = 'jobs'): string | null {
  const text = otherValues(`SELECT id FROM ${table} WHERE ${condition}`, catalog);
  return text === null ? null : text.replaceAll(/\s+/g, ' ').replace(/^.* WHERE /, '');
}

describe('all values but some', () => {
  it.each([
    ["state <> 'done'", "state IN ('new', 'open', 'it''s')"],
    ["state <> 'done' AND level > 0 AND state != 'new'", "state IN ('open', 'it''s') AND level > 0"],
    ["state NOT IN ('done', 'new', 'nowhere')", "state IN ('open', 'it''s')"],
    ["NOT state = 'done' AND NOT (state IN ('new', 'open'))", "state = 'it''s'"],
    ["state <> 'done' AND level NOT IN (0, 30)", "state IN ('new', 'open', 'it''s') AND level IN (1, 2)"],
    ["short <> 'a'", "short IN ('b', 'c')"],
    ["single <> 'x'", "single = 'y'"],
    ['small <> 3', 'small IN (1, 2)'],
  ])('are those that a CHECK leaves, for %s', async (condition, other) => {
    expect(written(condition)).toBe(other);
    const { rows } = await session.query(
      `SELECT id FROM jobs WHERE ((${condition}) AND true) IS DISTINCT FROM ((${other}) AND true)`,
    );
    expect(rows).toEqual([]);
  });

  it.each([
    ["state <> 'new' AND state <> 'open' AND state <> 'it''s' AND state <> 'done'", 'none is left'],
    ["state <> 'done' OR id = 1", 'it stands beside OR'],
    ["state NOT IN ('done', NULL)", 'NULL is among them'],
    ["state <> 'done'::varchar(2)", 'the value is cast'],
    ["level <> '030'", 'a number is written as a text'],
    ["state <> lower('DONE')", 'the value is computed'],
    ["lower(state) <> 'done'", 'it is about what is made of the column'],
    ["flat <> 'A'", 'equal texts are spelled otherwise'],
    ["blind <> 'A'", 'equal texts are spelled otherwise'],
    ["tag <> 'a '", 'trailing blanks do not count'],
    ["digits <> '1'", 'the CHECK is about a number'],
    ['signed <> 1', 'a value is no plain constant'],
    ["broad <> 'a'", 'the CHECK holds of some rows alone'],
    ["bare <> 'a'", 'no index begins with the column'],
    ["late <> 'a'", 'the CHECK is not validated'],
  ])('are not listed for %s: %s', (condition) => {
    expect(written(condition)).toBeNull();
  });

  it('are not listed of tables whose heirs have values of their own', () => {
    expect(otherValues("SELECT state FROM parents WHERE state <> 'a'", catalog)).toBeNull();
  });
});
