import { beforeAll, expect, it } from 'vitest';
import type { IndexSpec } from '../../../src/model/planner.js';
import type { Snapshot } from '../../../src/model/snapshot.js';
import { attributeKey } from '../../../src/planner/twin/attributes.js';
import { estimateGin } from '../../../src/planner/twin/gin-size.js';
import { GinStatistics } from '../../../src/planner/twin/gin-statistics.js';
import type { Session } from '../../../src/postgres/session.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { createIndexSql } from '../../../src/sql/index-definition.js';
import { testDatabase } from '../../postgres.js';

const uniform = (n: string, seed: number) => `((hashint8extended(${n}, ${seed}) & 2147483647) / 2147483648.0)`;

let session: Session;
let snapshot: Snapshot;

beforeAll(async () => {
  ({ session } = await testDatabase());
  await session.script(`
    CREATE EXTENSION pg_trgm; CREATE EXTENSION pageinspect;
    CREATE TABLE t AS
    SELECT n AS id, ARRAY[floor(${uniform('n', 1)} * 900)::int, floor(power(${uniform('n', 2)}, 3) * 5000)::int] AS numbers,
           w.body, to_tsvector('simple', w.body) AS words, left(md5(n::text), 12) AS code,
           jsonb_build_object('kind', n % 5, 'unique', n) AS data,
           jsonb_build_object('owner', 'u' || n * 7919 % 3000, 'n', n * 31 % 10007, 'kind', n % 3) AS numbered,
           jsonb_build_object('tags', jsonb_build_array('t' || n * 31 % 300, 't' || n * 17 % 300),
             'at', jsonb_build_object('city', 'city-' || n * 7 % 900), 'name', md5(n::text), 'grade', n % 100) AS nested,
           jsonb_build_object('a', n % 10, 'b', 'v' || n % 50) AS small
      FROM generate_series(1, 20000) AS n,
           LATERAL (SELECT string_agg('w' || floor(power(${uniform('n * 10 + g', 3)}, 3) * 4000), ' ') AS body
                      FROM generate_series(1, 10) AS g) AS w;
    SET max_parallel_maintenance_workers = 0`);
  await session.query('ANALYZE t');
  snapshot = await readSnapshot(session);
});

/**
 * How far the logarithms of keys and of blocks may be off. One value in two hundred is known, so that the rarest keys can
 * only be guessed at. The comments give the blocks, estimated and of a build on PostgreSQL 18.
 */
it.each([
  ['numbers', null, 0.6, 0.35], // 74, 59
  ['words', null, 0.25, 0.15], // 134, 141
  ['code', 'public.gin_trgm_ops', 0.25, 0.15], // 198, 195
  ["(to_tsvector('simple', body))", null, 0.6, 0.15], // 140, 141
  ['data', null, 0.1, 0.1], // 148, 151
  ['data', 'jsonb_path_ops', 0.1, 0.1], // 139, 143
  ['numbered', null, 0.15, 0.15], // 141, 146
  ['numbered', 'jsonb_path_ops', 0.15, 0.15], // 130, 134
  ['nested', null, 0.15, 0.15], // 363, 371
  ['nested', 'jsonb_path_ops', 0.15, 0.15], // 186, 195
  ['small', null, 0.1, 0.1], // 30, 28
  ['small', 'jsonb_path_ops', 0.1, 0.1], // 22, 21
] as const)(
  'the keys of %s are counted nearly as a build under %s counts them',
  async (sql, opclass, keysOffMax, blocksOffMax) => {
    const [table] = snapshot.catalog.tables;
    if (table === undefined) throw new Error('no table');
    const column = sql.startsWith('(') ? null : sql;
    const keys = [{ column, sql, opclass, descending: false, nullsFirst: false, collation: null }];
    const spec: IndexSpec = { table, method: 'gin', keys, include: [], predicate: null, unique: false };
    await session.query(createIndexSql(spec, { name: 'built' }));
    const { rows } = await session.query<{ entries: string; blocks: string }>(
      "SELECT n_entries AS entries, n_total_pages AS blocks FROM gin_metapage_info(get_raw_page('built', 0))",
    );
    await session.query('DROP INDEX built');
    const columns = snapshot.statistics.columns.map(
      (each) => [attributeKey(each.schema, each.table, each.column), each] as const,
    );
    const statistics = new GinStatistics(session, new Map(columns));
    await statistics.learn(spec, table);
    const estimate = estimateGin(statistics.classesOf(spec, table, table.storage.tuples), table.storage.blocks);
    const off = (estimated: number, real: string | undefined) => Math.abs(Math.log(estimated / Number(real)));
    const figures = `${JSON.stringify(estimate)} for ${JSON.stringify(rows[0])}`;
    expect(off(estimate.entries, rows[0]?.entries), figures).toBeLessThan(keysOffMax);
    expect(off(estimate.blocks, rows[0]?.blocks), figures).toBeLessThan(blocksOffMax);
  },
);
