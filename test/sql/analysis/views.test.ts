import { describe, expect, it } from 'vitest';
import type { Catalog } from '../../../src/model/catalog.js';
import type { SchemaObject } from '../../../src/model/schema-object.js';
import { analyzeStatement } from '../../../src/sql/analysis/analyze.js';
import { parseStatement } from '../../../src/sql/parse.js';
import { catalogOf } from '../../catalog.js';

const viewOf = (name: string, query: string, schema = 'public'): SchemaObject => ({
  oid: 20_000,
  kind: 'view',
  schema,
  name,
  definition: `CREATE VIEW ${schema}.${name} AS ${query}`,
});

const catalog: Catalog = {
  ...catalogOf({
    deliveries: ['id integer', 'driver integer', 'state text', 'at timestamptz', 'note text'],
    returns: ['id integer', 'driver integer', 'brought_at timestamptz'],
    people: ['id integer'],
    drivers: ['id integer', 'name text'],
  }),
  objects: [
    viewOf(
      'open_deliveries',
      "SELECT d.id, d.driver AS who, d.at, d.note FROM public.deliveries d WHERE d.state = 'open'",
    ),
    viewOf('late_deliveries', 'SELECT o.id, o.who AS driver FROM public.open_deliveries o WHERE o.at < now()'),
    viewOf('tallies', 'SELECT d.driver, count(*) AS n FROM public.deliveries d GROUP BY d.driver'),
    viewOf('named', 'SELECT d.id, r.name FROM public.deliveries d JOIN public.drivers r ON r.id = d.driver'),
    viewOf(
      'moves',
      'SELECT d.driver AS who, d.at FROM public.deliveries d UNION ALL SELECT r.driver, r.brought_at FROM public.returns r',
    ),
    viewOf(
      'only_delivered',
      'SELECT d.id, d.at FROM public.deliveries d EXCEPT SELECT r.id, r.brought_at FROM public.returns r',
    ),
    viewOf('drivers', 'SELECT d.id AS other FROM public.deliveries d', 'north'),
    viewOf('mirror', 'SELECT m.id FROM public.mirror m'),
    viewOf('unreadable', 'SELECT FROM WHERE'),
  ],
};

const analyze = (sql: string) => analyzeStatement(parseStatement(sql).tree, catalog);

function scanOf(sql: string) {
  const [scan, ...others] = analyze(sql).scans;
  if (scan === undefined || others.length > 0) throw new Error(`${others.length + 1} scans`);
  return scan;
}

/** What predicates, joins and orders speak of. */
function textsOf(entry: unknown): unknown {
  if (!Array.isArray(entry)) return entry;
  return entry.map(({ key, descending }) => `${key.sql}${descending === true ? ' DESC' : ''}`);
}

describe('views', () => {
  it('stand for their tables, with their own conditions and those upon them', () => {
    const { table, predicates, referenced } = scanOf('SELECT note FROM open_deliveries v WHERE v.who = $1');
    expect(table.name).toBe('deliveries');
    expect(predicates.map(({ key, constantSql }) => [key.sql, constantSql])).toEqual([
      ['state', "state = 'open'"],
      ['driver', null],
    ]);
    expect(referenced).toEqual(['driver', 'state', 'note']);
  });

  it('are looked through to those below them', () => {
    const { predicates, referenced } = scanOf('SELECT * FROM public.late_deliveries WHERE driver = 7');
    expect(predicates.map(({ key, operator }) => `${key.sql} ${operator}`)).toEqual(['state =', 'at <', 'driver =']);
    expect(referenced).toEqual(['id', 'driver', 'state', 'at']);
  });

  it('take the names that an alias gives their columns', () => {
    const { order, limited } = scanOf('SELECT a FROM open_deliveries AS o (a, b, c) ORDER BY c LIMIT 3');
    expect(order.map(({ key }) => key.sql)).toEqual(['at']);
    expect(limited).toBe(true);
  });

  it('give what their groups and joins read', () => {
    expect(scanOf('SELECT n FROM tallies WHERE driver = $1').groups.map(({ sql }) => sql)).toEqual(['driver']);
    const { scans } = analyze('SELECT id FROM named WHERE name = $1');
    expect(scans.map(({ table, joins }) => [table.name, joins.map(({ key }) => key.sql)])).toEqual([
      ['deliveries', ['driver']],
      ['drivers', ['id']],
    ]);
  });

  it('tell which column a parameter is compared with', () => {
    const [use] = analyze('SELECT id FROM open_deliveries WHERE who = $1').parameters;
    expect(use).toMatchObject({ role: 'comparison', key: { column: 'driver' }, operator: '=' });
  });

  it('are written to as the table that they pass through', () => {
    const update = analyze("UPDATE open_deliveries SET who = 3, note = 'x' WHERE id = $1");
    expect(update.writes).toMatchObject([
      { table: { name: 'deliveries' }, kind: 'update', columns: ['driver', 'note'] },
    ]);
    expect(update.scans.map(({ predicates }) => predicates.length)).toEqual([2]);
    expect(analyze('DELETE FROM late_deliveries').writes).toMatchObject([{ table: { name: 'deliveries' } }]);
    expect(analyze('DELETE FROM named').writes).toEqual([]);
  });

  it('of a UNION pass conditions, joins and order to every arm', () => {
    const sql = 'SELECT p.id FROM people p JOIN moves m ON m.who = p.id WHERE m.at > $1 ORDER BY m.at DESC LIMIT 5';
    const moves = analyze(sql).scans.filter(({ table }) => table.name !== 'people');
    expect(
      moves.map(({ table, predicates, joins, order }) => [table.name, predicates, joins, order].map(textsOf)),
    ).toEqual([
      ['deliveries', ['at'], ['driver'], ['at DESC']],
      ['returns', ['brought_at'], ['driver'], ['brought_at DESC']],
    ]);
    expect(
      analyze('SELECT id FROM only_delivered WHERE at > $1').scans.flatMap(({ predicates }) => predicates),
    ).toEqual([]);
  });

  it('hide behind a table of public and a name of the statement’s own', () => {
    expect(scanOf('SELECT id FROM drivers').table.name).toBe('drivers');
    expect(scanOf('SELECT other FROM north.drivers').table.name).toBe('deliveries');
    expect(analyze('WITH open_deliveries AS (SELECT 1 AS who) SELECT who FROM open_deliveries').scans).toEqual([]);
  });

  it('that no parser or database would take are passed by', () => {
    expect(analyze('SELECT id FROM mirror, unreadable').scans).toEqual([]);
  });
});
