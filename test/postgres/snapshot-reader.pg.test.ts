import { expect, it } from 'vitest';
import type { Table } from '../../src/model/catalog.js';
import type { Snapshot } from '../../src/model/snapshot.js';
import { openSession, type Session } from '../../src/postgres/session.js';
import { readSnapshot } from '../../src/postgres/snapshot-reader.js';
import { makeShop } from '../planner/shop.js';
import { testDatabase } from '../postgres.js';

async function shop(): Promise<{ url: string; session: Session }> {
  return testDatabase({ template: 'shop', prepare: makeShop });
}

function tableOf({ catalog }: Snapshot, name: string): Table {
  const table = catalog.tables.find((candidate) => candidate.name === name);
  if (table === undefined) throw new Error(`no table ${name}`);
  return table;
}

it('reads tables with dropped columns, enums, constraints and counters', async () => {
  const { session } = await shop();
  const snapshot = await readSnapshot(session);
  const customers = tableOf(snapshot, 'customers');
  expect(customers.columns.map(({ name, dropped }) => (dropped ? 'dropped' : name))).toEqual([
    'dropped',
    'id',
    'email',
    'country',
    'joined_at',
  ]);
  expect(snapshot.catalog.enums.map(({ name, labels }) => [name, labels.map(({ label }) => label)])).toEqual([
    ['state', ['new', 'paid', 'sent', 'lost']],
  ]);
  const orders = tableOf(snapshot, 'orders');
  expect(orders.constraints.find(({ kind }) => kind === 'foreign key')).toMatchObject({
    columns: ['customer_id'],
    references: { table: { schema: 'shop', name: 'customers' }, columns: ['id'], onDelete: 'no action' },
  });
  expect(orders.columns.find(({ name }) => name === 'amount')).toMatchObject({
    type: 'numeric(10,2)',
    baseType: 'numeric',
    typeLength: -1,
  });
  expect(orders.storage).toMatchObject({ tuples: 30_000 });
  // Rows have come since ANALYZE counted the pages.
  expect(orders.storage.blocks).toBeGreaterThan(orders.storage.pages);
  expect(orders.counters.rowsInserted).toBeGreaterThanOrEqual(0);
});

it('reads the keys of an index with their order, operator class, collation, INCLUDE and predicate', async () => {
  const { session } = await shop();
  await session.query(
    `CREATE INDEX odd ON shop.orders (city COLLATE "C" text_pattern_ops DESC NULLS LAST, (amount + 1)) INCLUDE (id) WHERE sent_at IS NULL`,
  );
  const index = tableOf(await readSnapshot(session), 'orders').indexes.find(({ name }) => name === 'odd');
  expect(index).toMatchObject({
    method: 'btree',
    include: ['id'],
    predicate: '(sent_at IS NULL)',
    unique: false,
    constraint: null,
    keys: [
      {
        column: 'city',
        sql: 'city',
        descending: true,
        nullsFirst: false,
        opclass: 'pg_catalog.text_pattern_ops',
        collation: 'pg_catalog."C"',
      },
      { column: null, sql: '((amount + (1)::numeric))', descending: false, nullsFirst: false, opclass: null },
    ],
  });
});

it('reads statistics of columns, of index expressions, of correlated columns, and what stands at index ends', async () => {
  const { session } = await shop();
  const { statistics } = await readSnapshot(session);
  const column = (table: string, name: string) =>
    statistics.columns.find((entry) => entry.table === table && entry.column === name);
  expect(column('orders', 'created_at')).toMatchObject({
    minimum: '2024-01-01 00:10:00+00',
    maximum: '2024-08-03 06:40:00+00',
  });
  expect(column('orders', 'id')).toMatchObject({ minimum: '1', maximum: '31000' });
  expect(column('orders', 'region')?.mostCommonValues).toMatch(/^\{r\d/);
  expect(column('customers_lower_idx', 'lower')?.distinct).toBe(-1);
  expect(statistics.extended.map(({ name }) => name)).toEqual(['orders_places', 'orders_days']);
  expect(statistics.extended[0]?.mostCommonHex).toMatch(/^c251a6e1/);
  expect(statistics.extended[1]?.expressions).toHaveLength(1);
  expect(statistics.unreadable).toEqual([]);
});

it('reads the heights of btrees where pageinspect is, and passes by those of partitioned tables', async () => {
  const { session } = await shop();
  await session.script(`
    CREATE EXTENSION pageinspect SCHEMA public;
    CREATE TABLE shop.logs (id int PRIMARY KEY) PARTITION BY RANGE (id);
    CREATE TABLE shop.logs_1 PARTITION OF shop.logs FOR VALUES FROM (0) TO (10)`);
  const snapshot = await readSnapshot(session);
  expect(tableOf(snapshot, 'orders').indexes.map(({ height }) => height)).toEqual([1, 1, 1]);
  expect(tableOf(snapshot, 'logs').indexes.map(({ height }) => height)).toEqual([null]);
});

it('reads partitions, children and views, lists what it does not describe, and passes by the objects of extensions and its own schema', async () => {
  const { session } = await shop();
  await session.script(`
    CREATE EXTENSION pg_stat_statements SCHEMA shop;
    CREATE SCHEMA steward; CREATE TABLE steward.schema_migrations (version text);
    CREATE VIEW shop.late AS SELECT * FROM shop.orders;
    CREATE TABLE shop.logs (at date) PARTITION BY RANGE (at);
    CREATE TABLE shop.logs_2025 PARTITION OF shop.logs FOR VALUES FROM ('2025-01-01') TO ('2026-01-01');
    CREATE EXTENSION file_fdw; CREATE SERVER files FOREIGN DATA WRAPPER file_fdw;
    CREATE FOREIGN TABLE shop.abroad (line text) SERVER files OPTIONS (filename '/dev/null');
    CREATE FOREIGN TABLE shop.logs_2026 PARTITION OF shop.logs FOR VALUES FROM ('2026-01-01') TO ('2027-01-01')
      SERVER files OPTIONS (filename '/dev/null');
    CREATE TABLE shop.base (id int); CREATE TABLE shop.derived () INHERITS (shop.base);
    CREATE TEMPORARY TABLE passing (id int)`);
  const { catalog } = await readSnapshot(session);
  expect(catalog.schemas).toEqual(['public', 'shop']);
  expect(catalog.tables.map(({ name, kind }) => `${name}: ${kind}`)).toEqual([
    'customers: table',
    'orders: table',
    'logs: partitioned table',
    'logs_2025: table',
    'base: table',
    'derived: table',
  ]);
  expect(catalog.tables.find(({ name }) => name === 'logs_2025')?.partitionOf).toEqual({
    table: { schema: 'shop', name: 'logs' },
    bound: "FOR VALUES FROM ('2025-01-01') TO ('2026-01-01')",
  });
  expect(catalog.tables.find(({ name }) => name === 'derived')?.inherits).toEqual([{ schema: 'shop', name: 'base' }]);
  expect(catalog.objects?.map(({ name, kind }) => `${name}: ${kind}`)).toEqual(['late: view']);
  expect(catalog.unsupported).toEqual([
    { schema: 'shop', name: 'abroad', kind: 'foreign table', childOf: null },
    { schema: 'shop', name: 'logs_2026', kind: 'foreign table', childOf: { schema: 'shop', name: 'logs' } },
  ]);
});

it('lists the tables whose statistics the role may not see', async () => {
  const { url, session } = await shop();
  const role = `reader_${session.backendPid}`;
  await session.script(`CREATE ROLE ${role} LOGIN IN ROLE pg_monitor; GRANT USAGE ON SCHEMA shop TO ${role};
    GRANT SELECT ON shop.customers TO ${role}`);
  const own = new URL(url);
  own.username = role;
  const reader = await openSession(own.href, { readOnly: true });
  try {
    const { statistics } = await readSnapshot(reader);
    expect(statistics.unreadable).toEqual([{ schema: 'shop', name: 'orders' }]);
    expect(statistics.columns.map(({ table }) => table)).toContain('customers');
    expect(statistics.columns.map(({ table }) => table)).not.toContain('orders');
  } finally {
    await reader.close();
    await session.script(`DROP OWNED BY ${role}; DROP ROLE ${role}`);
  }
});

it('reads in a read-only transaction, gives the session back as it was, and leaves the catalogs alone', async () => {
  const { url, session } = await shop();
  const reader = await openSession(url, { readOnly: true });
  const fingerprint = async () => {
    const { rows } = await session.query(
      `SELECT md5(string_agg(c::text, ',' ORDER BY c.oid)) AS relations, (SELECT count(*) FROM pg_statistic) AS statistics
         FROM pg_class c`,
    );
    return rows;
  };
  try {
    await reader.query("SET search_path = shop; SET timezone = 'Asia/Tokyo'");
    const before = await fingerprint();
    const { catalog } = await readSnapshot(reader);
    expect(await fingerprint()).toEqual(before);
    expect(catalog.settings).toContainEqual({ name: 'search_path', value: 'shop' });
    expect(catalog.settings).toContainEqual({ name: 'TimeZone', value: 'Asia/Tokyo' });
    const { rows } = await reader.query(
      "SELECT current_setting('search_path') AS path, current_setting('timezone') AS zone, pg_current_xact_id_if_assigned() AS xid",
    );
    expect(rows).toEqual([{ path: 'shop', zone: 'Asia/Tokyo', xid: null }]);
  } finally {
    await reader.close();
  }
});

it('takes a column whose NOT NULL was not checked of all rows for one that may be NULL', async () => {
  const { session } = await testDatabase();
  await session.script(`
    CREATE TABLE notes (id int NOT NULL, body text);
    INSERT INTO notes VALUES (1, NULL);
    ALTER TABLE notes ADD CONSTRAINT notes_body_not_null NOT NULL body NOT VALID`);
  const before = tableOf(await readSnapshot(session), 'notes').columns;
  expect(before.map(({ name, notNull }) => [name, notNull])).toEqual([
    ['id', true],
    ['body', false],
  ]);
  await session.script(`UPDATE notes SET body = ''; ALTER TABLE notes VALIDATE CONSTRAINT notes_body_not_null`);
  const after = tableOf(await readSnapshot(session), 'notes').columns;
  expect(after.map(({ notNull }) => notNull)).toEqual([true, true]);
});
