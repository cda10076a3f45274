import { describe, expect, it } from 'vitest';
import { definitionOf } from '../../src/migrate/index-definition.js';
import { parseStatement } from '../../src/sql/parse.js';
import { bodyOf } from '../../src/sql/walk.js';
import { testDatabase } from '../postgres.js';

function definitionIn(sql: string): string {
  const index = bodyOf(parseStatement(sql).tree, 'IndexStmt');
  if (index === null) throw new Error(`no index: ${sql}`);
  return definitionOf(index);
}

const TABLE = 'CREATE TABLE t (a varchar(20), b int, c timestamptz, d jsonb)';

describe('an index’s definition', () => {
  it.each([
    'CREATE INDEX i ON t (a, b DESC, c ASC NULLS FIRST)',
    'CREATE UNIQUE INDEX i ON t (b) INCLUDE (a, c)',
    'CREATE INDEX i ON t USING gin (d)',
    "CREATE INDEX i ON t (c) WHERE a = 'x' AND b IS NOT NULL",
    "CREATE INDEX i ON t (c) WHERE a IN ('x', 'y')",
    "CREATE INDEX i ON public.t (lower(a), (d ->> 'k'))",
    'CREATE UNIQUE INDEX i ON t (b) NULLS NOT DISTINCT',
    'CREATE INDEX i ON t (a pg_catalog.varchar_pattern_ops, b)',
    'CREATE INDEX i ON t USING gin (d jsonb_path_ops)',
  ])('is the same as the server prints it: %s', async (sql) => {
    const { session } = await testDatabase({ template: 'definition', prepare: (on) => on.query(TABLE) });
    await session.query(sql);
    const { rows } = await session.query<{ sql: string }>(`SELECT pg_get_indexdef('i'::regclass) AS sql`);
    expect(definitionIn(rows[0]?.sql ?? '')).toBe(definitionIn(sql));
  });

  it('differs where columns, order, uniqueness, method or predicate differ', () => {
    const variants = [
      'CREATE INDEX i ON t (a, b)',
      'CREATE INDEX i ON t (b, a)',
      'CREATE INDEX i ON t (a, b DESC)',
      'CREATE INDEX i ON t (a, b NULLS FIRST)',
      'CREATE UNIQUE INDEX i ON t (a, b)',
      'CREATE INDEX i ON t (a) INCLUDE (b)',
      'CREATE INDEX i ON t USING gist (a, b)',
      'CREATE INDEX i ON t (a, b) WHERE b > 1',
      'CREATE INDEX i ON t (a, b) WHERE b > 2',
      'CREATE INDEX i ON u (a, b)',
    ];
    expect(new Set(variants.map(definitionIn)).size).toBe(variants.length);
  });
});
