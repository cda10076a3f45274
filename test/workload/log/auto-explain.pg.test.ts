import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { innerLinkages } from '../../../src/advise/lineage/inner-linkages.js';
import { loopAdvisors } from '../../../src/advisors/index.js';
import { type EmbeddedServer, startServer } from '../../../src/embedded/server.js';
import type { Catalog } from '../../../src/model/catalog.js';
import { openSession } from '../../../src/postgres/session.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { readLogWorkload } from '../../../src/workload/log/log-workload.js';

let server: EmbeddedServer;
let catalog: Catalog;

beforeAll(async () => {
  server = await startServer({
    settings: {
      ...{ logging_collector: 'on', log_destination: 'jsonlog,csvlog,stderr', log_file_mode: '0644' },
      ...{ log_filename: 'shop.log', log_directory: 'logged', log_line_prefix: '%m [%p-%l] %q%u@%d ' },
      session_preload_libraries: 'auto_explain',
    },
  });
  await server.createDatabase('shop');
  const session = await openSession(server.url('shop'));
  await session.script(`
    CREATE TABLE items (id int PRIMARY KEY, price int); INSERT INTO items SELECT n, n FROM generate_series(1, 30) AS n;
    CREATE TABLE prices (item int, price int); INSERT INTO prices SELECT n, n FROM generate_series(1, 30) AS n;
    CREATE TABLE audit (item int);
    CREATE FUNCTION reprice(most int) RETURNS int LANGUAGE plpgsql AS $$
    DECLARE r record; total int := 0; p int;
    BEGIN
      FOR r IN SELECT id FROM items WHERE id <= most LOOP
        SELECT price INTO p FROM prices WHERE item = r.id;
        total := total + (SELECT count(*) FROM audit WHERE item = r.id);
        UPDATE items SET price = p WHERE id = r.id;
      END LOOP;
      RETURN total;
    END $$;
    CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN INSERT INTO audit VALUES (new.item); RETURN new; END';
    CREATE TRIGGER note AFTER UPDATE ON prices FOR EACH ROW EXECUTE FUNCTION note();
    SET auto_explain.log_min_duration = 0; SET auto_explain.log_analyze = on; SET auto_explain.log_nested_statements = on;
    SET auto_explain.log_timing = off; SET log_min_duration_statement = 0`);
  ({ catalog } = await readSnapshot(session));
  for (const format of ['text', 'json']) {
    await session.script(`SET auto_explain.log_format = ${format}`);
    await session.query('SELECT reprice($1)', [12]);
    await session.script('UPDATE prices SET price = price + 1 WHERE item <= 15');
    for (const id of [1, 2, 3]) await session.query('SELECT price FROM items WHERE id = $1', [id]);
    await session.query('SET auto_explain.log_buffers = on');
    await session.query(
      'SELECT (SELECT count(*) FROM prices p WHERE p.item <= i.id AND p.price > $1) FROM items i',
      [0],
    );
    await session.query('SET auto_explain.log_buffers = off');
  }
  await session.close();
}, 60_000);

afterAll(() => server.stop());

describe.each(['json', 'csv', 'log'])('plans in the %s file', (extension) => {
  const read = () => readLogWorkload(join(server.dataDirectory, 'logged', `shop.${extension}`));

  it('are no further calls of their statements', async () => {
    const { statements } = await read();
    const calls = statements.find(({ text }) => text.startsWith('SELECT price FROM items'))?.calls ?? 0;
    // The plan that comes before any other is not known to be one of a statement that was told.
    expect([6, 7]).toContain(calls);
  });

  it('tell what a statement’s subquery took of it', async () => {
    const { statements } = await read();
    const told = statements.filter(({ subquery }) => subquery !== undefined);
    expect(told.map(({ calls, subquery }) => ({ calls, ...subquery }))).toMatchObject([
      { calls: 2, relation: 'prices', runs: 30, timeShare: null },
    ]);
    expect(told[0]?.subquery?.buffersShare).toBeGreaterThan(0.9);
  });

  it('show the loops of functions and triggers', async () => {
    const { innerLoops = [] } = await read();
    const linkages = innerLinkages(innerLoops, catalog);
    const workload = { sources: [], statements: [], skipped: [] };
    const detections = (await Promise.all(loopAdvisors.map((each) => each.detect({ linkages, workload })))).flat();
    const told = detections.map((each) =>
      each.kind === 'finding' ? `${each.class}: ${each.title}; ${each.message}` : '',
    );
    expect(told.map((text) => text.replace(/(?<=took |at most )[\d.]+(?= ms)/g, '…')).sort()).toMatchInlineSnapshot(`
      [
        "in-database: A loop in reprice(integer) reads public.audit row by row; The function reprice(integer), line 6, reads public.audit 12 times within one call of the client’s. It goes through the rows of public.items. Its 24 calls took … ms; one statement over all rows, outside of the loop, would do. Estimated saving: at most … ms on the server, as one statement takes the time of one call at least.",
        "in-database: A loop in reprice(integer) reads public.prices row by row; The function reprice(integer), line 5, reads public.prices 12 times within one call of the client’s. It goes through the rows of public.items. Its 24 calls took … ms; one statement over all rows, outside of the loop, would do. Estimated saving: at most … ms on the server, as one statement takes the time of one call at least.",
        "insert: public.audit is inserted into row by row; The function note(), line 1, has public.audit inserted into 15 times, one row a call. Its 30 calls took … ms; one statement over all rows, outside of the loop, would do. Estimated saving: at most … ms on the server, as one statement takes the time of one call at least.",
        "update: public.items is updated row by row; The function reprice(integer), line 7, has public.items updated 12 times, one row a call. Its 24 calls took … ms; one statement over all rows, outside of the loop, would do. Estimated saving: at most … ms on the server, as one statement takes the time of one call at least.",
      ]
    `);
  });
});
