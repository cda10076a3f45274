import { describe, expect, it } from 'vitest';
import { analyzeStatement } from '../../../src/sql/analysis/analyze.js';
import type { KeyPredicate, TableScan } from '../../../src/sql/analysis/table-scan.js';
import { parseStatement } from '../../../src/sql/parse.js';
import { catalogOf } from '../../catalog.js';

const catalog = catalogOf({
  agents: ['id uuid', 'name text', 'status text', 'is_updating boolean'],
  commands: [
    'id uuid',
    'agent_id uuid',
    'status text',
    'created_at timestamptz',
    'sent_at timestamptz',
    'retry_count integer',
  ],
  events: ['id uuid', 'agent_id uuid', 'package_name character varying', 'created_at timestamptz'],
});

function analyze(sql: string) {
  return analyzeStatement(parseStatement(sql).tree, catalog);
}

function scanOf(sql: string, table: string): TableScan {
  const scan = analyze(sql).scans.find((candidate) => candidate.table.name === table);
  if (scan === undefined) throw new Error(`no scan of ${table}`);
  return scan;
}

const short = (predicates: readonly KeyPredicate[]) =>
  predicates.map((predicate) => `${predicate.kind} ${predicate.key.sql} ${predicate.operator}`);

describe('predicates', () => {
  it('tells equality, set, range and pattern apart, whichever side the column stands on', () => {
    const sql =
      "SELECT id FROM commands WHERE status = 'sent' AND $1 > created_at AND retry_count IN (1, 2) AND sent_at BETWEEN $2 AND $3 AND agent_id = ANY($4)";
    expect(short(scanOf(sql, 'commands').predicates)).toEqual([
      'equality status =',
      'range created_at <',
      'set retry_count =',
      'range sent_at BETWEEN',
      'set agent_id =',
    ]);
  });

  it('takes booleans, NOT, IS NULL and IS NOT NULL as predicates', () => {
    expect(short(scanOf('SELECT 1 FROM agents WHERE is_updating AND name IS NULL', 'agents').predicates)).toEqual([
      'equality is_updating =',
      'equality name IS NULL',
    ]);
    const [first] = scanOf('SELECT 1 FROM agents a WHERE NOT a.is_updating', 'agents').predicates;
    expect(first?.constantSql).toBe('NOT (is_updating)');
  });

  it('gives each arm of an OR its own conjuncts', () => {
    const sql =
      "SELECT id FROM commands c WHERE (c.status = 'pending' AND c.created_at < $1) OR (c.status = 'sent' AND c.sent_at < $2)";
    expect(scanOf(sql, 'commands').disjunctions.map((arms) => arms.map(short))).toEqual([
      [
        ['equality status =', 'range created_at <'],
        ['equality status =', 'range sent_at <'],
      ],
    ]);
  });

  it('takes a list of rows for an OR of which every arm asks for the same keys', () => {
    const sql = "SELECT id FROM commands WHERE (agent_id, status) IN (($1, 'sent'), ($2, 'done')) AND retry_count = 1";
    const scan = scanOf(sql, 'commands');
    expect(scan.disjunctions.map((arms) => arms.map(short))).toEqual([[['equality agent_id =', 'equality status =']]]);
    expect(short(scan.predicates)).toEqual(['equality retry_count =']);
    expect(scan.disjunctions.flat(2).map(({ constantSql }) => constantSql)).toEqual([null, null]);
    expect(analyze(sql).parameters.map(({ number }) => number)).toEqual([1, 2]);
    expect(short(scanOf('SELECT 1 FROM commands WHERE (id, status) = ANY ($1)', 'commands').predicates)).toEqual([]);
  });

  it('takes no OR whose other arm says nothing of the table', () => {
    expect(
      scanOf('SELECT 1 FROM commands c, agents a WHERE c.status = $1 OR a.status = $2', 'commands').disjunctions,
    ).toEqual([]);
  });

  it('calls a predicate constant only when it holds no parameter and nothing that changes', () => {
    const sql = "SELECT 1 FROM commands WHERE status = 'sent' AND created_at < now() AND retry_count = $1";
    expect(scanOf(sql, 'commands').predicates.map((predicate) => predicate.constantSql)).toEqual([
      "status = 'sent'",
      null,
      null,
    ]);
  });

  it('sees an expression over one table as a key and a text view of varchar as the column', () => {
    const scan = scanOf(
      'SELECT 1 FROM events e WHERE lower(e.package_name) = $1 AND e.package_name::text = $2 AND e.id::text = ANY($3)',
      'events',
    );
    expect(short(scan.predicates)).toEqual([
      'equality (lower(package_name)) =',
      'equality package_name =',
      'set (id::text) =',
    ]);
  });

  it('says which column a parameter is compared with', () => {
    const { parameters } = analyze(
      'SELECT 1 FROM commands WHERE status = $1 AND created_at >= $2::timestamptz LIMIT $3 OFFSET $4',
    );
    expect(
      parameters.map((use) =>
        use.role === 'comparison' ? [use.number, use.key.sql, use.operator] : [use.number, use.role],
      ),
    ).toEqual([
      [1, 'status', '='],
      [2, 'created_at', '>='],
      [3, 'limit'],
      [4, 'offset'],
    ]);
  });
});

describe('joins', () => {
  it('notes an equality between two tables on both', () => {
    const sql = 'SELECT 1 FROM agents a JOIN commands c ON c.agent_id = a.id';
    expect(scanOf(sql, 'commands').joins).toEqual([
      { key: { column: 'agent_id', sql: 'agent_id' }, otherScan: 0, otherColumn: 'id' },
    ]);
    expect(scanOf(sql, 'agents').joins.map((join) => join.key.sql)).toEqual(['id']);
  });

  it('sees a correlated subquery, its order and its limit', () => {
    const sql =
      'SELECT a.id, (SELECT e.created_at FROM events e WHERE e.agent_id = a.id ORDER BY e.created_at DESC LIMIT 1) FROM agents a';
    const scan = scanOf(sql, 'events');
    expect(scan.joins.map((join) => join.key.sql)).toEqual(['agent_id']);
    expect(scan.order).toEqual([
      { key: { column: 'created_at', sql: 'created_at' }, descending: true, nullsFirst: true },
    ]);
    expect(scan.limited).toBe(true);
  });

  it('sees max(x) as one end of the order by x', () => {
    const sql = 'SELECT (SELECT max(e.created_at) FROM events e WHERE e.agent_id = a.id) FROM agents a';
    expect(scanOf(sql, 'events').order.map((key) => [key.key.sql, key.descending])).toEqual([['created_at', true]]);
  });

  it('sees both ends of one key as one order, and the ends of several keys as scans of their own', () => {
    const ordersOf = (sql: string) =>
      analyze(sql).scans.map(({ order, limited }) => [order.map((key) => [key.key.sql, key.descending]), limited]);
    const sql = 'SELECT max(created_at) - min(created_at) FROM commands WHERE status = $1';
    expect(ordersOf(sql)).toEqual([[[['created_at', false]], true]]);
    expect(ordersOf('SELECT min(sent_at), coalesce(max(created_at), now()) FROM commands')).toEqual([
      [[['sent_at', false]], true],
      [[['created_at', true]], true],
    ]);
  });

  it('sees no end of an order where the rows are read for something else', () => {
    for (const targets of [
      'max(sent_at), count(*)',
      'max(sent_at) FILTER (WHERE retry_count > 0)',
      'max(sent_at) OVER ()',
    ])
      expect(scanOf(`SELECT ${targets} FROM commands`, 'commands').limited).toBe(false);
    expect(scanOf('SELECT status, max(sent_at) FROM commands GROUP BY status', 'commands').order).toEqual([]);
  });

  it('joins through IN, USING, derived tables and WITH', () => {
    const joinsOf = (sql: string) => scanOf(sql, 'commands').joins.map((join) => join.key.sql);
    expect(joinsOf('SELECT 1 FROM agents WHERE id IN (SELECT agent_id FROM commands)')).toEqual(['agent_id']);
    expect(
      joinsOf('SELECT 1 FROM events WHERE (agent_id, created_at) IN (SELECT agent_id, sent_at FROM commands)'),
    ).toEqual(['agent_id', 'sent_at']);
    expect(joinsOf('SELECT 1 FROM events JOIN commands USING (agent_id)')).toEqual(['agent_id']);
    expect(joinsOf('SELECT 1 FROM agents a JOIN (SELECT agent_id AS owner FROM commands) c ON c.owner = a.id')).toEqual(
      ['agent_id'],
    );
    expect(joinsOf('WITH c AS (SELECT * FROM commands) SELECT 1 FROM agents a JOIN c ON c.agent_id = a.id')).toEqual([
      'agent_id',
    ]);
  });
});

describe('writes', () => {
  it('names table, kind and the columns that an UPDATE sets', () => {
    expect(analyze("UPDATE commands SET status = 'timed_out', sent_at = now() WHERE id = $1").writes).toMatchObject([
      { kind: 'update', columns: ['status', 'sent_at'] },
    ]);
    expect(
      analyze('INSERT INTO agents (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET status = $2').writes,
    ).toMatchObject([
      { kind: 'insert', columns: [] },
      { kind: 'update', columns: ['status'] },
    ]);
    expect(analyze('DELETE FROM events WHERE created_at < $1').writes).toMatchObject([{ kind: 'delete' }]);
  });

  it('sees the writes inside WITH', () => {
    const { writes, scans } = analyze(
      "WITH gone AS (DELETE FROM events WHERE id = $1 RETURNING agent_id) UPDATE agents SET status = 'x' FROM gone WHERE gone.agent_id = agents.id",
    );
    expect(writes.map((write) => write.kind)).toEqual(['delete', 'update']);
    expect(scans.map((scan) => scan.table.name)).toEqual(['events', 'agents']);
  });
});

describe('the rest', () => {
  it('passes by tables that the catalog does not know', () => {
    expect(
      analyze('SELECT 1 FROM nowhere n JOIN agents a ON a.id = n.agent_id').scans.map((scan) => scan.table.name),
    ).toEqual(['agents']);
  });

  it('lists the columns that a statement reads, all of them under a star', () => {
    expect(scanOf('SELECT name FROM agents ORDER BY id', 'agents').referenced).toEqual(['id', 'name']);
    expect(scanOf('SELECT a.* FROM agents a', 'agents').referenced).toEqual(['id', 'name', 'status', 'is_updating']);
  });

  it('counts how often a column is named', () => {
    const sql =
      'SELECT c.id FROM commands c JOIN agents a USING (id) WHERE c.sent_at > c.created_at AND c.sent_at < $1';
    expect(Object.fromEntries(scanOf(sql, 'commands').mentions)).toEqual({ id: 2, sent_at: 2, created_at: 1 });
  });

  it('notes comparisons of two columns of one table, aliases taken away, the lesser first', () => {
    const sql =
      'SELECT 1 FROM commands c, agents a WHERE c.sent_at > c.created_at AND c.status = a.status AND a.name <> c.status';
    expect(scanOf(sql, 'commands').comparisons).toEqual([
      { sql: 'created_at < sent_at', columns: ['sent_at', 'created_at'] },
    ]);
    expect(scanOf(sql, 'agents').comparisons).toEqual([]);
  });

  it('gives the order of a window, which its rows must have before they get the one of the level', () => {
    const read = (sql: string) => {
      const { order, limited } = scanOf(sql, 'commands');
      return [order.map(({ key, descending }) => `${key.sql}${descending ? ' DESC' : ''}`), limited];
    };
    const rank = 'rank() OVER (PARTITION BY agent_id ORDER BY sent_at DESC)';
    expect(read(`SELECT id, ${rank} FROM commands WHERE agent_id = $1`)).toEqual([['agent_id', 'sent_at DESC'], false]);
    expect(read(`SELECT id, ${rank} FROM commands ORDER BY id LIMIT 3`)).toEqual([['agent_id', 'sent_at DESC'], false]);
    expect(read(`SELECT id, ${rank} FROM commands ORDER BY agent_id LIMIT 3`)).toEqual([
      ['agent_id', 'sent_at DESC'],
      true,
    ]);
    const named = 'SELECT lag(id) OVER (w ORDER BY sent_at) FROM commands WINDOW w AS (PARTITION BY status)';
    expect(read(named)).toEqual([['status', 'sent_at'], false]);
    expect(read('SELECT id, count(*) OVER () FROM commands ORDER BY sent_at LIMIT 3')).toEqual([['sent_at'], true]);
    expect(read('SELECT status, rank() OVER (ORDER BY status) FROM commands GROUP BY status')).toEqual([[], false]);
  });

  it('gives order and groups only where one table alone makes them', () => {
    expect(scanOf('SELECT status, count(*) FROM commands GROUP BY 1', 'commands').groups.map((key) => key.sql)).toEqual(
      ['status'],
    );
    expect(scanOf('SELECT 1 FROM commands c, agents a ORDER BY c.created_at, a.name', 'commands').order).toEqual([]);
  });
});
