import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/model/catalog.js';
import type { Equivalence } from '../../../src/model/equivalence.js';
import { createEmptySchema } from '../../../src/planner/twin/empty-schema.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { openEquivalence } from '../../../src/proof/equivalence.js';
import { rewriteVariants, type VariantId } from '../../../src/sql/rewrite/variants.js';
import { testDatabase } from '../../postgres.js';
import { twinServer } from '../../twin-server.js';

const SCHEMA = `
  CREATE TABLE matters (id int PRIMARY KEY, number text NOT NULL, client int);
  CREATE TABLE fields (
    matter int NOT NULL REFERENCES matters, name varchar(20) NOT NULL, value text, amount numeric(8,2), document jsonb, code varchar(9),
    tags text[], PRIMARY KEY (matter, name));
  CREATE TABLE notes (matter int NOT NULL, name text NOT NULL, value text, UNIQUE (matter, name) DEFERRABLE);
  CREATE TABLE drafts (matter int NOT NULL, name text NOT NULL, value text, hidden boolean NOT NULL);
  CREATE UNIQUE INDEX ON drafts (matter, name) WHERE NOT hidden;
  CREATE TABLE words (matter int NOT NULL, place bigint NOT NULL, value text, UNIQUE (matter, place));
  CREATE TABLE old_words () INHERITS (words);
  CREATE TABLE places (matter int NOT NULL, place bigint NOT NULL, value text, UNIQUE (matter, place));`;

let catalog: Catalog;
let equivalence: Equivalence;

beforeAll(async () => {
  const { session } = await testDatabase();
  await session.script(SCHEMA);
  catalog = (await readSnapshot(session)).catalog;
  equivalence = openEquivalence({ catalog, server: twinServer, define: createEmptySchema, databases: 100 });
}, 60_000);

afterAll(() => equivalence.close());

const look = (name: string, column = 'value') =>
  `(SELECT f.${column} FROM fields f WHERE f.matter = m.id AND f.name = ${name})`;
const textOf = (sql: string, id: VariantId) =>
  rewriteVariants(sql, { catalog, major: 15 }).find((variant) => variant.id === id)?.sql ?? null;

describe('rows that a key of the row around and a constant find', () => {
  it.each([
    ['texts', `SELECT m.id, ${look("'court'")} AS court, ${look("'judge'")} AS judge FROM matters m`],
    [
      'values of other types',
      `SELECT m.number, ${look("'fee'", 'amount')}, ${look("'fee'", 'document')} AS document, ${look("'kind'::varchar", 'code')} FROM matters m`,
    ],
    ['what a condition asks for', `SELECT m.id, m.client FROM matters m WHERE ${look("'court'")} IS NOT NULL`],
    [
      'one among others that are counted',
      `SELECT m.id, ${look("'court' AND f.amount > 1 LIMIT 1")} AS court, (SELECT count(*) FROM fields f WHERE f.matter = m.id) AS n FROM matters m`,
    ],
    ['what is ordered by', `SELECT m.id FROM matters m ORDER BY coalesce(${look("'court'")}, 'none'), m.id`],
  ])('are joined, for %s', async (_, sql) => {
    const texts = [textOf(sql, 'group-join'), textOf(sql, 'lookup-join')].flatMap((text) => text ?? []);
    expect(texts).toHaveLength(2);
    const verdicts = await equivalence.compare(sql, texts);
    expect(verdicts.map(({ kind }) => kind)).toEqual(['no counterexample', 'no counterexample']);
  });

  it('are read in one pass', () => {
    const sql = `SELECT m.id, ${look("'court'")} AS court, ${look("'fee'", 'document')} AS fee FROM matters m`;
    expect(textOf(sql, 'group-join')?.replaceAll(/\s+/g, ' ')).toMatchInlineSnapshot(
      `"SELECT m.id, per_key.value_3 AS court, (per_key.value_2)[1] AS fee FROM matters AS m LEFT JOIN ( SELECT f.matter AS key, array_agg(f.document) FILTER (WHERE f.name = 'fee') AS value_2, max(f.value) FILTER (WHERE f.name = 'court') AS value_3 FROM fields AS f GROUP BY f.matter ) AS per_key ON per_key.key = m.id"`,
    );
  });

  it.each([
    ['lists', `SELECT m.id, ${look("'court'", 'tags')} FROM matters m`],
    ['what is computed of a value', `SELECT m.id, ${look("'court'", 'value::int')} FROM matters m`],
    ['what the row around names', `SELECT m.id, ${look('m.number')} FROM matters m`],
    ['a name that differs', `SELECT m.id, ${look("'court'").replace('f.name =', 'f.name <>')} FROM matters m`],
    ['one of two names', `SELECT m.id, ${look("'court' OR f.name = 'judge'")} FROM matters m`],
    ['a key that is checked late', `SELECT m.id, ${look("'court'").replace('fields', 'notes')} FROM matters m`],
    ['a key of some rows', `SELECT m.id, ${look("'court'").replace('fields', 'drafts')} FROM matters m`],
    [
      'a key that heirs do not share',
      `SELECT m.id, (SELECT w.value FROM words w WHERE w.matter = m.id AND w.place = 1) FROM matters m`,
    ],
    [
      'a part of the key',
      `SELECT m.id, (SELECT f.value FROM fields f WHERE f.matter = m.id AND f.value = 'a') FROM matters m`,
    ],
  ])('are left alone for %s', (_, sql) => {
    expect(textOf(sql, 'group-join')).toBeNull();
  });

  it('are left alone for a number that several are equal to', () => {
    const at = (place: string) =>
      `SELECT m.id, (SELECT p.value FROM places p WHERE p.matter = m.id AND p.place = ${place}) FROM matters m`;
    expect(textOf(at("'1'::float8"), 'lookup-join')).toBeNull();
    expect(textOf(at('1'), 'lookup-join')).not.toBeNull();
  });
});
