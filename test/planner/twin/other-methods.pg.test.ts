import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedServer, startServer } from '../../../src/embedded/server.js';
import type { IndexKey } from '../../../src/model/catalog.js';
import type { IndexSpec, Planner } from '../../../src/model/planner.js';
import { buildTwin } from '../../../src/planner/twin/build.js';
import { openSession, type Session } from '../../../src/postgres/session.js';
import { readSnapshot } from '../../../src/postgres/snapshot-reader.js';
import { realPlan, realPlanWith, shapeOf } from '../shop.js';

/** A number between 0 and 1 by chance to the eye and always the same. */
const uniform = (n: string, seed: number) => `((hashint8extended(${n}, ${seed}) & 2147483647) / 2147483648.0)`;

const DOCS = `
  CREATE EXTENSION pg_trgm;
  CREATE EXTENSION btree_gin;
  CREATE SCHEMA shop;
  CREATE TABLE shop.docs (id int, owner int, email text, body text, tags text[], data jsonb, words tsvector,
                          at timestamp, span int4range);
  INSERT INTO shop.docs
  SELECT n, n % 700, left(md5(n::text), 8) || '@' || (ARRAY['example.org', 'mail.example', 'corp.example'])[1 + n % 3], w.body,
         (SELECT array_agg(DISTINCT 'tag' || floor(power(${uniform('n * 10 + g', 1)}, 2) * 500)) FROM generate_series(1, 1 + n % 5) AS g),
         jsonb_build_object('user', 'u' || n % 3000, 'kind', (ARRAY['a', 'b', 'c', 'd'])[1 + n % 4],
                            'nested', jsonb_build_object('x', n, 'flag', n % 2 = 0)),
         to_tsvector('simple', w.body), timestamp '2026-01-01' + n * interval '1 minute', int4range(n, n + 5)
    FROM generate_series(1, 30000) AS n,
         LATERAL (SELECT string_agg(left(md5(floor(power(${uniform('n * 20 + g', 2)}, 3) * 5000)::text), 6), ' ') AS body
                    FROM generate_series(1, 12) AS g) AS w;
  CREATE TABLE shop.kept AS SELECT id, body, words, data FROM shop.docs;
  CREATE INDEX ON shop.kept USING gin (body gin_trgm_ops);
  CREATE INDEX ON shop.kept USING gin (words);
  CREATE INDEX ON shop.kept USING gin (data jsonb_path_ops)`;

function spec(method: IndexSpec['method'], keys: readonly string[]): IndexSpec {
  return {
    table: { schema: 'shop', name: 'docs' },
    ...{ method, keys: keys.map(keyOf), include: [], predicate: null, unique: false },
  };
}

/** `column`, `(expression)`, either with an operator class behind a blank. */
function keyOf(text: string): IndexKey {
  const [, sql = '', opclass = null] = /^(\(.*\)|\w+)(?: (\S+))?$/.exec(text) ?? [];
  return {
    column: sql.startsWith('(') ? null : sql,
    sql,
    descending: false,
    nullsFirst: false,
    opclass,
    collation: null,
  };
}

const ENGLISH = "(to_tsvector('simple', body))";

const CASES: readonly (readonly [IndexSpec['method'], readonly string[], string])[] = [
  ['gin', ['tags'], "tags @> '{tag77}'"],
  ['gin', ['tags'], "tags && '{tag1,tag300}'"],
  ['gin', ['data'], `data @> '{"user": "u77"}'`],
  ['gin', ['data jsonb_path_ops'], `data @> '{"user": "u77", "kind": "b"}'`],
  ['gin', ['data jsonb_path_ops'], `data @@ '$.nested.x == 77'`],
  ['gin', ["(data -> 'nested')"], `data -> 'nested' @> '{"x": 77}'`],
  ['gin', ['words'], "words @@ 'd82c8d & cfcd20'"],
  ['gin', ['words'], "words @@ 'd8:*'"],
  ['gin', [ENGLISH], "to_tsvector('simple', body) @@ to_tsquery('simple', 'd82c8d')"],
  ['gin', ['email public.gin_trgm_ops'], "email LIKE '%c4ca4%'"],
  ['gin', ['body public.gin_trgm_ops'], "body ILIKE '%d82c8d%'"],
  ['gin', ['owner', 'tags'], "owner = 7 AND tags @> '{tag7}'"],
  ['gist', ['span'], 'span && int4range(70, 90)'],
  ['brin', ['at'], "at BETWEEN '2026-01-05' AND '2026-01-07'"],
  ['brin', ['id', 'at'], 'id BETWEEN 1000 AND 4000'],
];

describe.each([15, 18] as const)('on PostgreSQL %i an index that is no btree', (major) => {
  let server: EmbeddedServer;
  let docs: Session;
  let twin: Planner;

  beforeAll(async () => {
    server = await startServer({ major, settings: { autovacuum: 'off' } });
    await server.createDatabase('docs');
    docs = await openSession(server.url('docs'));
    await docs.script(DOCS);
    await docs.query('VACUUM ANALYZE shop.docs, shop.kept');
    // The server of the source holds the twin as well: one start less.
    twin = await buildTwin(await readSnapshot(docs), { server });
  }, 180_000);

  afterAll(async () => {
    await twin?.close();
    await docs?.close();
    await server?.stop();
  });

  it.each(["body LIKE '%d82c8d%'", "words @@ 'd82c8d'", "words @@ 'd82:*'", `data @> '{"user": "u77"}'`])(
    'that exists already costs what it costs at the source, for %s',
    async (condition) => {
      const sql = `SELECT id FROM shop.kept WHERE ${condition}`;
      const [real, plan] = [await realPlan(docs, sql), await twin.explain(sql, [])];
      expect(shapeOf(plan)).toBe(shapeOf(real));
      expect(Math.abs(plan.totalCost / real.totalCost - 1), `${plan.totalCost} for ${real.totalCost}`).toBeLessThan(
        0.05,
      );
    },
  );

  it.each(CASES)('%s (%j) costs what it would if it were really built, for %s', async (method, keys, condition) => {
    const index = spec(method, keys);
    const sql = `SELECT id FROM shop.docs WHERE ${condition}`;
    const real = await realPlanWith(docs, sql, index);
    const plan = await twin.explain(sql, [index]);
    const { sizeBytes } = await twin.size(index);
    const off = plan.totalCost / real.plan.totalCost - 1;
    expect(shapeOf(plan)).toBe(shapeOf(real.plan));
    expect(Math.abs(off), `${plan.totalCost} for ${real.plan.totalCost}`).toBeLessThan(0.02);
    const sizeRatio = sizeBytes / 8192 / real.blocks;
    expect(Math.abs(Math.log2(sizeRatio)), `${sizeBytes / 8192} blocks for ${real.blocks}`).toBeLessThan(1.2);
  });
});
