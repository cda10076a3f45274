import { describe, expect, it } from 'vitest';
import type { LintRelation } from '../../../src/migrate/lint/observation.js';
import { passesBy } from '../../../src/migrate/lint/own-names.js';
import { parseStatement } from '../../../src/sql/parse.js';

const relation = (name: string): LintRelation => ({
  ...{ oid: 20_000, schema: 'public', name, kind: 'r', filenode: 1, temporary: false, sizeBytes: 0, tableOid: null },
  columns: new Map(),
});
const KNOWN = new Map([relation('orders'), relation('Order Lines')].map((each, place) => [place, each]));

function isPassedBy(sql: string): boolean {
  return passesBy({ ...parseStatement(sql), path: 'a.sql', column: 1 }, KNOWN);
}

describe('a statement', () => {
  it.each(['CREATE TABLE people (id int)', 'INSERT INTO people SELECT 1', 'ALTER TABLE people ADD order_id int'])(
    'is passed by where it names nothing that was there: %s',
    (sql) => expect(isPassedBy(sql)).toBe(true),
  );

  it.each([
    'ALTER TABLE ORDERS ADD a int',
    'CREATE TABLE people (id int REFERENCES public."orders")',
    'CREATE INDEX ON "Order Lines" (id)',
    'CREATE VIEW v AS SELECT 1 FROM orders',
    String.raw`ALTER TABLE U&"\006frders" ADD a int`,
    'DROP TABLE people CASCADE',
    'DO $$ BEGIN PERFORM 1; END $$',
    'SELECT make_partitions()',
  ])('is looked at where it names something, or may reach it without its name: %s', (sql) =>
    expect(isPassedBy(sql)).toBe(false),
  );
});
