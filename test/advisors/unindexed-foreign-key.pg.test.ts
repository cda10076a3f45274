import { beforeAll, describe, expect, it } from 'vitest';
import type { Evidence } from '../../src/advisors/advisor.js';
import { unindexedForeignKey } from '../../src/advisors/unindexed-foreign-key.js';
import type { IndexSpec } from '../../src/model/planner.js';
import type { Session } from '../../src/postgres/session.js';
import { testDatabase } from '../postgres.js';
import { adviseOn } from './advise-on.js';
import { detectOn, findingsOn, indexDefinitions, runFix } from './index-hygiene/detect-on.js';

let session: Session;

/** Tables that refer to `parents (id)` and `parents (a, b)`, each in one way of its own. */
const CHILDREN = `
  CREATE TABLE bare (parent int REFERENCES parents (id) ON DELETE CASCADE);
  CREATE TABLE second_key (parent int REFERENCES parents (id), x int); CREATE INDEX ON second_key (x, parent);
  CREATE TABLE other_predicate (parent int REFERENCES parents (id), x int); CREATE INDEX ON other_predicate (parent) WHERE x > 0;
  CREATE TABLE own_predicate (parent int REFERENCES parents (id)); CREATE INDEX ON own_predicate (parent) WHERE parent > 5;
  CREATE TABLE brin (parent int REFERENCES parents (id)); CREATE INDEX ON brin USING brin (parent);
  CREATE TABLE computed (parent int REFERENCES parents (id)); CREATE INDEX ON computed ((parent + 0));
  CREATE TABLE half (a int, b text, FOREIGN KEY (a, b) REFERENCES parents (a, b)); CREATE INDEX ON half (b);
  CREATE TABLE two_keys (a int REFERENCES parents (id), b text, FOREIGN KEY (a, b) REFERENCES parents (a, b));
  CREATE TABLE mostly_null (parent int REFERENCES parents (id)); INSERT INTO mostly_null SELECT NULL FROM generate_series(1, 100);
  CREATE TABLE other_collation (name text REFERENCES parents (name)); CREATE INDEX ON other_collation (name COLLATE "C");

  CREATE TABLE plain (parent int REFERENCES parents (id)); CREATE INDEX ON plain (parent);
  CREATE TABLE led (parent int REFERENCES parents (id), x int); CREATE INDEX ON led (parent DESC, x);
  CREATE TABLE not_null (parent int REFERENCES parents (id)); CREATE INDEX ON not_null (parent) WHERE parent IS NOT NULL;
  CREATE TABLE hash (parent int REFERENCES parents (id)); CREATE INDEX ON hash USING hash (parent);
  CREATE TABLE turned (a int, b text, x int, FOREIGN KEY (a, b) REFERENCES parents (a, b)); CREATE INDEX ON turned (b, a, x);
  CREATE TABLE unique_part (a int UNIQUE, b text, FOREIGN KEY (a, b) REFERENCES parents (a, b));
  CREATE TABLE excluded (parent int REFERENCES parents (id), at daterange, EXCLUDE USING gist (parent WITH =, at WITH &&));
  CREATE TABLE not_enforced (parent int REFERENCES parents (id) NOT ENFORCED);
  CREATE TABLE text_pattern (name text REFERENCES parents (name)); CREATE INDEX ON text_pattern (name text_pattern_ops);

  CREATE TABLE parted (parent int REFERENCES parents (id), at int) PARTITION BY LIST (at);
  CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1); CREATE TABLE "parted 2" PARTITION OF parted FOR VALUES IN (2);
  CREATE TABLE parts (parent int REFERENCES parents (id), at int) PARTITION BY LIST (at);
  CREATE TABLE parts_1 PARTITION OF parts FOR VALUES IN (1); CREATE INDEX ON parts_1 (parent)`;

beforeAll(async () => {
  ({ session } = await testDatabase());
  await session.script(`CREATE EXTENSION btree_gist;
    CREATE TABLE parents (id int PRIMARY KEY, a int, b text, name text UNIQUE, UNIQUE (a, b));
    ${CHILDREN}; ANALYZE`);
});

it('finds just the keys whose columns lead no index that holds all their rows', async () => {
  const found = [...(await findingsOn(session, unindexedForeignKey)).keys()];
  expect(found.map((key) => key.replace('unindexed-foreign-key:public.', ''))).toEqual([
    'bare(parent)',
    'second_key(parent)',
    'other_predicate(parent)',
    'own_predicate(parent)',
    'brin(parent)',
    'computed(parent)',
    'half(a,b)',
    'two_keys(a,b)',
    'mostly_null(parent)',
    'other_collation(name)',
    'parted(parent)',
  ]);
});

it('says what would be read, when, and for which key', async () => {
  const { session: own } = await testDatabase();
  await own.script(`CREATE TABLE parents (id int PRIMARY KEY); INSERT INTO parents SELECT generate_series(1, 1000);
    CREATE TABLE children (parent int REFERENCES parents ON DELETE SET NULL, body text);
    INSERT INTO children SELECT n % 1000 + 1, repeat('x', 100) FROM generate_series(1, 10000) n; DELETE FROM parents WHERE id < 3; ANALYZE`);
  await own.query('SELECT pg_stat_force_next_flush()');
  const [found] = (await findingsOn(own, unindexedForeignKey)).values();
  expect(found?.message).toMatchInlineSnapshot(
    `"Each row that a DELETE takes from public.parents, and each whose id an UPDATE changes, makes PostgreSQL read all 173 blocks of public.children to find the rows that refer to it by children_parent_fkey (ON DELETE SET NULL)."`,
  );
  expect(found).toMatchObject({
    title: 'Foreign key without an index on public.children (parent)',
    proof: { grade: 'counted' },
  });
  // The finding's severity is the rule's own: a warning.
  expect(found?.severity).toBeUndefined();
  expect(found?.relations).toEqual(['public.children', 'public.parents']);
  expect(found?.evidence.map(({ name, value }) => [name, value])).toMatchInlineSnapshot(`
    [
      [
        "table that is read as a whole",
        173,
      ],
      [
        "rows deleted from public.parents",
        2,
      ],
    ]
  `);
  expect(found?.fix?.undo).toEqual(['DROP INDEX CONCURRENTLY IF EXISTS public.children_parent_idx']);
});

describe('names the statements', () => {
  it('that take rows which others refer to, by cascades too, or change their keys', async () => {
    const { url, session: own } = await testDatabase();
    await own.script(`CREATE TABLE roots (id int PRIMARY KEY, name text);
      CREATE TABLE parents (id int PRIMARY KEY, root int REFERENCES roots ON DELETE CASCADE, other int REFERENCES roots, name text);
      CREATE INDEX ON parents (root); CREATE INDEX ON parents (other);
      CREATE TABLE children (parent int REFERENCES parents);
      INSERT INTO roots SELECT generate_series(1, 1000); INSERT INTO parents SELECT n, n, n FROM generate_series(1, 1000) n;
      INSERT INTO children SELECT n % 1000 + 1 FROM generate_series(1, 10000) n; ANALYZE`);
    const sql = [
      'DELETE FROM parents WHERE id = 7',
      'DELETE FROM roots WHERE id = 7',
      'UPDATE parents SET id = 2000 WHERE id = 7',
      "UPDATE parents SET name = 'x' WHERE id = 7",
      'DELETE FROM children WHERE parent IS NULL',
    ];
    const report = await adviseOn(
      url,
      sql.map((each) => ({ sql: each })),
      ['unindexed-foreign-key'],
    );
    const [found, ...others] = report.findings;
    expect(others).toEqual([]);
    expect(found?.queries.map(({ text }) => text).sort()).toEqual([sql[0], sql[1], sql[2]].sort());
    expect(found?.message).toContain(' 3 statements of the workload do so.');
  });

  it('for which a missing index finds the referring rows, too', async () => {
    const { url, session: own } = await testDatabase();
    await own.script(`CREATE TABLE parents (id int PRIMARY KEY);
      CREATE TABLE children (id int PRIMARY KEY, parent int REFERENCES parents, body text);
      INSERT INTO parents SELECT generate_series(1, 1000);
      INSERT INTO children SELECT n, n % 1000 + 1, repeat('x', 100) FROM generate_series(1, 10000) n; ANALYZE`);
    const select = 'SELECT body FROM children WHERE parent = 5';
    const remove = 'DELETE FROM parents WHERE id = 7';
    const { findings } = await adviseOn(url, [{ sql: select }, { sql: remove }]);
    const [found, ...others] = findings.filter(({ fix }) => fix?.kind === 'create-index');
    expect(others).toEqual([]);
    expect(found).toMatchObject({ ruleId: 'missing-index', queries: [{ text: select }, { text: remove }] });
    expect(found?.message).toContain(
      'It also finds the rows that refer to what one statement of the workload would take away or give another key.',
    );
  });
});

describe('proposes', () => {
  const fixOf = async (table: string) =>
    [...(await findingsOn(session, unindexedForeignKey)).values()]
      .filter(({ relations }) => relations[0] === `public.${table}`)
      .flatMap(({ fix, severity }) => [severity, ...(fix?.sql.map(({ sql }) => sql) ?? [])]);

  it('an index without NULLs where most rows have none, and a note alone for a small table', async () => {
    expect(await fixOf('mostly_null')).toEqual([
      'info',
      expect.stringMatching(
        /^CREATE INDEX CONCURRENTLY mostly_null_parent_\w+_idx ON public.mostly_null \(parent\) WHERE parent IS NOT NULL$/,
      ),
    ]);
  });

  it('one index for two foreign keys that begin alike', async () => {
    expect(await fixOf('two_keys')).toEqual([
      'info',
      'CREATE INDEX CONCURRENTLY two_keys_a_b_idx ON public.two_keys (a, b)',
    ]);
  });

  it('each partition’s index first, then the whole one that takes them in', async () => {
    const { session: own } = await testDatabase();
    await own.script(`CREATE TABLE parents (id int PRIMARY KEY);
      CREATE TABLE parted (parent int REFERENCES parents (id), at int) PARTITION BY LIST (at);
      CREATE TABLE parted_1 PARTITION OF parted FOR VALUES IN (1); CREATE TABLE "parted 2" PARTITION OF parted FOR VALUES IN (2)`);
    const [found] = (await findingsOn(own, unindexedForeignKey)).values();
    await runFix(own, found, 'sql');
    expect(await indexDefinitions(own, 'parted')).toEqual({
      'parted 2_parent_idx': 'CREATE INDEX "parted 2_parent_idx" ON public."parted 2" USING btree (parent)',
      parted_1_parent_idx: 'CREATE INDEX parted_1_parent_idx ON public.parted_1 USING btree (parent)',
      parted_parent_idx: 'CREATE INDEX parted_parent_idx ON ONLY public.parted USING btree (parent)',
    });
    expect(await detectOn(own, unindexedForeignKey)).toEqual([]);
    await runFix(own, found, 'undo');
    expect(await indexDefinitions(own, 'parted')).toEqual({});
    expect([...(await findingsOn(own, unindexedForeignKey)).values()]).toEqual([found]);
  });
});

describe('leaves to another rule', () => {
  const missing = (columns: readonly string[]): Partial<Evidence> => {
    const keys = columns.map((column) => ({
      column,
      sql: column,
      descending: false,
      nullsFirst: false,
      opclass: null,
      collation: null,
    }));
    const table = { schema: 'public', name: 'bare' };
    const spec: IndexSpec = { table, method: 'btree', keys, include: [], predicate: null, unique: false };
    const chosen = [
      { spec, sizeBytes: 0, rowsEstimate: 0, writeCost: 0, gain: 0, statements: [], replaces: [], refused: [] },
    ];
    const sums = { workloadCostBefore: 0, workloadCostAfter: 0, writeCost: 0, sizeBytes: 0 };
    return { selection: { chosen, ...sums, statements: [], unplannable: [], candidates: 0 } };
  };
  const isFound = async (own: Session, changes: Partial<Evidence>) =>
    (await findingsOn(own, unindexedForeignKey, changes)).has('unindexed-foreign-key:public.bare(parent)');

  it('a key that a missing index serves, as long as that is reported', async () => {
    expect(await isFound(session, missing(['parent', 'x']))).toBe(false);
    expect(await isFound(session, missing(['x', 'parent']))).toBe(true);
    expect(await isFound(session, { ...missing(['parent']), rules: ['unindexed-foreign-key'] })).toBe(true);
  });

  it('a key that an invalid index would serve', async () => {
    const { session: own } = await testDatabase();
    await own.script(`CREATE TABLE parents (id int PRIMARY KEY); CREATE TABLE bare (parent int REFERENCES parents);
      CREATE INDEX broken ON bare (parent); UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'broken'::regclass`);
    expect(await isFound(own, {})).toBe(false);
    expect(await isFound(own, { rules: ['unindexed-foreign-key'] })).toBe(true);
    await own.query('ALTER INDEX broken RENAME TO bare_parent_idx_ccnew');
    expect(await isFound(own, {})).toBe(true);
  });
});
