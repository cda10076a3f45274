import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedServer, startServer } from '../../../src/embedded/server.js';
import type { Catalog } from '../../../src/model/catalog.js';
import type { PlanCost } from '../../../src/model/planner.js';
import type { Snapshot } from '../../../src/model/snapshot.js';
import { buildTwin } from '../../../src/planner/twin/build.js';
import { openSession, type Session } from '../../../src/postgres/session.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { indexOn, makeShop, realPlan } from '../shop.js';

const ORDERS = 'SELECT * FROM shop.orders WHERE id = 5';
const CUSTOMERS = 'SELECT * FROM shop.customers WHERE id = 5';

describe('what a twin cannot take over', () => {
  let server: EmbeddedServer;
  let session: Session;
  let snapshot: Snapshot;

  beforeAll(async () => {
    server = await startServer({ settings: { autovacuum: 'off' } });
    await server.createDatabase('source');
    session = await openSession(server.url('source'));
    await makeShop(session);
    snapshot = await readSnapshot(session);
  });

  afterAll(async () => {
    await session?.close();
    await server?.stop();
  });

  /** What each statement comes to on a twin of a changed snapshot: `planned` or the reason. */
  async function outcomes(changed: Snapshot, statements: readonly string[]): Promise<readonly string[]> {
    const twin = await buildTwin(changed, { server });
    try {
      const costs = await twin.costs(statements, []);
      return costs.map((cost) => (cost instanceof Error ? cost.message : 'planned'));
    } finally {
      await twin.close();
    }
  }

  function withCatalog(change: (catalog: Catalog) => Partial<Catalog>): Snapshot {
    return { ...snapshot, catalog: { ...snapshot.catalog, ...change(snapshot.catalog) } };
  }

  it('makes an Error of the statements that read a table with hidden statistics', async () => {
    const unreadable = [{ schema: 'shop', name: 'orders' }];
    const changed = { ...snapshot, statistics: { ...snapshot.statistics, unreadable } };
    // A plan that knows beforehand that no row comes names no table.
    const none = 'SELECT * FROM shop.orders WHERE id = 5 AND id IS NULL AND false';
    const hidden = 'the statistics of shop.orders are not visible to the role that read them';
    expect(await outcomes(changed, [ORDERS, CUSTOMERS, none])).toEqual([hidden, 'planned', hidden]);
  });

  it('makes an Error of the statements that read a table of an unknown type, and of no others', async () => {
    const changed = withCatalog(({ tables }) => ({
      tables: tables.map((table) =>
        table.name === 'customers'
          ? { ...table, columns: table.columns.map((column) => ({ ...column, type: 'no_such.type' })) }
          : table,
      ),
    }));
    expect(await outcomes(changed, [CUSTOMERS, ORDERS])).toEqual([
      expect.stringMatching(/^the table shop\.customers cannot be made: .*no_such/),
      'planned',
    ]);
  });

  it('makes an Error of the statements that read a table one of whose indexes is missing', async () => {
    const changed = withCatalog(({ tables }) => ({
      tables: tables.map((table) => ({
        ...table,
        indexes: table.indexes.map((index) =>
          index.name === 'customers_lower_idx'
            ? { ...index, definition: index.definition.replace('lower(', 'no_such_function(') }
            : index,
        ),
      })),
    }));
    expect(await outcomes(changed, [CUSTOMERS, ORDERS])).toEqual([
      expect.stringMatching(/^the index shop\.customers_lower_idx cannot be made: .*no_such_function/),
      'planned',
    ]);
  });

  it('says of foreign tables what they are, also where one is a partition', async () => {
    const unsupported = [
      { schema: 'shop', name: 'abroad', kind: 'foreign table' },
      { schema: 'shop', name: 'orders_abroad', kind: 'foreign table', childOf: { schema: 'shop', name: 'orders' } },
    ];
    const changed = withCatalog(() => ({ unsupported }));
    expect(await outcomes(changed, ['SELECT * FROM shop.abroad', 'SELECT * FROM missing', ORDERS, CUSTOMERS])).toEqual([
      'shop.abroad is a foreign table, which a twin cannot have',
      'relation "missing" does not exist',
      'shop.orders_abroad is a foreign table, which a twin cannot have',
      'planned',
    ]);
  });

  it('makes an Error of the statements that compare a column of which a part of the statistics is hidden', async () => {
    const partial = [{ table: { schema: 'shop', name: 'orders' }, column: 'amount', reason: 'amount is hidden' }];
    const changed = { ...snapshot, statistics: { ...snapshot.statistics, partial } };
    const statements = [
      'SELECT id FROM shop.orders WHERE amount > 3',
      'SELECT id FROM shop.orders WHERE id = 5',
      ORDERS,
      'SELECT amount, count(*) FROM shop.orders GROUP BY 1',
    ];
    expect(await outcomes(changed, statements)).toEqual(['amount is hidden', 'planned', 'planned', 'amount is hidden']);
  });

  it('leaves a setting alone whose value is not there', async () => {
    const changed = withCatalog(({ settings }) => ({
      settings: [
        { name: 'default_text_search_config', value: 'shop.missing' },
        ...settings.filter(({ name }) => name !== 'default_text_search_config' && name !== 'enable_seqscan'),
        { name: 'enable_seqscan', value: 'off' },
      ],
    }));
    const twin = await buildTwin(changed, { server });
    expect((await twin.explain("SELECT * FROM shop.orders WHERE created_at > '2024-01-05'", [])).nodeType).not.toBe(
      'Seq Scan',
    );
    await twin.close();
  });

  it('says why a function or a type is not there', async () => {
    const objects = [
      { oid: 1, schema: 'shop', name: 'guess', kind: 'function', definition: null, reason: 'written in plpython3u' },
    ] as const;
    const extensions = [...snapshot.catalog.extensions, { name: 'no_such_extension', version: '1', schema: 'public' }];
    const changed = withCatalog(({ tables }) => ({
      objects,
      extensions,
      tables: tables.map((table) =>
        table.name === 'customers'
          ? { ...table, columns: table.columns.map((column) => ({ ...column, type: 'public.no_such_type' })) }
          : table,
      ),
    }));
    expect(await outcomes(changed, ['SELECT shop.guess(id) FROM shop.orders', CUSTOMERS])).toEqual([
      'the function shop.guess is written in plpython3u, which a twin cannot have',
      expect.stringMatching(
        /^the table shop\.customers cannot be made: .*the extension no_such_extension cannot be made/,
      ),
    ]);
  });

  it('says when the server is of another major than the source', async () => {
    const twin = await buildTwin(
      withCatalog(() => ({ server: { version: '15.18', major: 15, versionNumber: 150_018 } })),
      { server },
    );
    expect(twin.describe()).toBe(`twin ${server.version} for 15.18`);
    await twin.close();
  });

  it('compares text by another locale of the language where the system lacks the source’s', async () => {
    const locale = {
      encoding: 'UTF8',
      provider: 'libc',
      collate: 'sv_SE.some-charset',
      ctype: 'sv_SE.some-charset',
      locale: null,
    } as const;
    expect(
      await outcomes(
        withCatalog(() => ({ locale })),
        [ORDERS],
      ),
    ).toEqual(['planned']);
  });

  it('plans as ICU would where the source does', async () => {
    const maintenance = await openSession(server.url('postgres'));
    await maintenance.query(
      "CREATE DATABASE swedish TEMPLATE template0 ENCODING 'UTF8' LOCALE_PROVIDER icu ICU_LOCALE 'sv' LC_COLLATE 'C' LC_CTYPE 'C'",
    );
    await maintenance.close();
    const swedish = await openSession(server.url('swedish'));
    await makeShop(swedish);
    await swedish.script(`UPDATE shop.customers SET country = (ARRAY['z', 'Z', 'å', 'a', 'Ö'])[1 + id % 5] || id % 90;
      ANALYZE shop.customers`);
    const twin = await buildTwin(await readSnapshot(swedish), { server });
    const sql = "SELECT * FROM shop.customers WHERE country > 'z5'";
    expect((await twin.explain(sql, [])).rowsEstimate).toBe((await realPlan(swedish, sql)).rowsEstimate);
    await twin.close();
    await swedish.close();
  });

  it('plans tables of hundreds of gigabytes and takes no room for them', async () => {
    const blocks = 30_000_000;
    const changed = withCatalog(({ tables }) => ({
      tables: tables.map((table) => ({
        ...table,
        storage: { blocks, pages: blocks, tuples: 2e9, allVisiblePages: blocks },
        indexes: table.indexes.map((index) => ({ ...index, storage: { ...index.storage, blocks: 6_000_000 } })),
      })),
    }));
    const twin = await buildTwin(changed, { server });
    try {
      const scan = await twin.explain('SELECT * FROM shop.orders', []);
      expect(scan.rowsEstimate).toBeCloseTo(2e9, -8);
      expect(scan.totalCost).toBeGreaterThan(blocks);
      const index = indexOn('orders', ['customer_id', 'created_at']);
      const [cost] = await twin.costs(
        ['SELECT * FROM shop.orders WHERE customer_id = 5 AND created_at < now()'],
        [index],
      );
      expect((cost as PlanCost).hypotheticalUsed).toHaveLength(1);
      expect((await twin.size(index)).sizeBytes).toBeGreaterThan(50e9);
      expect(await realPlan(session, ORDERS)).toMatchObject({ rowsEstimate: 1 });
    } finally {
      await twin.close();
    }
  });
});
