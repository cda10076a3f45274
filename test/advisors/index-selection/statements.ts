import type { AnalyzedStatement } from '../../../src/advisors/advisor.js';
import type { Catalog, Index, IndexKey } from '../../../src/model/catalog.js';
import type { IndexSpec } from '../../../src/model/planner.js';
import { analyzeStatement } from '../../../src/sql/analysis/analyze.js';
import type { KeyExpression } from '../../../src/sql/analysis/table-scan.js';
import { createIndexSql } from '../../../src/sql/index-definition.js';
import { parseStatement } from '../../../src/sql/parse.js';
import { catalogOf } from '../../catalog.js';

/** The tables of these tests, without an index. */
export const catalog = catalogOf({
  agents: ['id integer', 'name text', 'status text', 'is_updating boolean'],
  commands: [
    'id bigint',
    'agent_id integer',
    'status text',
    'kind text',
    'created_at timestamptz',
    'sent_at timestamptz',
  ],
});

const DISTINCT: Readonly<Record<string, number>> = { id: 60_000, agent_id: 2000, status: 4, kind: 9, is_updating: 2 };

/** Distinct values as ANALYZE would count them. */
export function distinct(_table: unknown, key: KeyExpression): number {
  return DISTINCT[key.column ?? ''] ?? 0;
}

interface StatementChanges {
  readonly calls?: number;
  readonly rows?: number;
  readonly catalog?: Catalog;
}

/** Gives a statement of a workload, analysed. */
export function statement(sql: string, changes: StatementChanges = {}): AnalyzedStatement {
  const { calls = 1, rows = null } = changes;
  return {
    statement: {
      fingerprint: sql,
      text: sql,
      name: null,
      calls,
      totalTimeMs: null,
      rows,
      sharedBuffers: null,
      parameterSamples: [],
      location: null,
    },
    plannable: { fingerprint: sql, calls, bindings: [{ sql, share: 1 }] },
    analysis: analyzeStatement(parseStatement(sql).tree, changes.catalog ?? catalog),
  };
}

/** Gives an index key from `name`, `name desc`, `name nulls first` or `(expression)`. */
export function key(text: string): IndexKey {
  const [, sql = '', desc, nulls] = /^(\(.*\)|\S+)( desc)?( nulls \w+)?$/.exec(text) ?? [];
  const descending = desc !== undefined;
  const nullsFirst = nulls === undefined ? descending : nulls === ' nulls first';
  return { column: sql.startsWith('(') ? null : sql, sql, descending, nullsFirst, opclass: null, collation: null };
}

/** Gives the spec of an index on a table of schema public. */
export function spec(table: string, keys: readonly string[], predicate: string | null = null): IndexSpec {
  const name = { schema: 'public', name: table };
  return { table: name, method: 'btree', keys: keys.map(key), include: [], predicate, unique: false };
}

/** Gives the catalog with existing indexes on its tables. */
export function withIndexes(indexes: Readonly<Record<string, readonly Partial<Index>[]>>): Catalog {
  const whole = { method: 'btree', predicate: null, valid: true, include: [] };
  return {
    ...catalog,
    tables: catalog.tables.map((table) => ({
      ...table,
      indexes: (indexes[table.name] ?? []).map((index) => ({ ...whole, ...index }) as Index),
    })),
  };
}

/** An index as people say it: `commands (status, created_at DESC) WHERE …`. */
export function inWords(index: IndexSpec): string {
  return createIndexSql(index).replace(/^CREATE INDEX \S+ ON public\./, '');
}
