import type { Catalog, Table } from '../../model/catalog.js';
import type { Fix, FixStatement } from '../../model/finding.js';
import type { IndexSpec } from '../../model/planner.js';
import type { Statistics } from '../../model/statistics.js';
import { createIndexSql, indexName } from '../../sql/index-definition.js';
import { quoteIdentifier, quoteRelation } from '../../sql/quote.js';
import { LOCK_TIMEOUT_MS } from './drop-fix.js';
import { leavesOf } from './figures.js';
import type { ForeignKey } from './foreign-keys.js';

/** From this share of NULLs on, leaving them out halves the index. */
const NULL_SHARE_MIN = 0.5;

/** Gives the index that a foreign key asks for; without NULLs where a single column is mostly NULL. */
export function indexFor(table: Table, { columns }: ForeignKey, statistics: Statistics): IndexSpec {
  const [only] = columns;
  const isSparse = columns.length === 1 && only !== undefined && nullShare(table, only, statistics) >= NULL_SHARE_MIN;
  return {
    table: { schema: table.schema, name: table.name },
    method: 'btree',
    keys: columns.map((column) => ({
      column,
      sql: quoteIdentifier(column),
      descending: false,
      nullsFirst: false,
      opclass: null,
      collation: null,
    })),
    include: [],
    predicate: isSparse ? `${quoteIdentifier(only)} IS NOT NULL` : null,
    unique: false,
  };
}

function nullShare(table: Table, column: string, { columns }: Statistics): number {
  const found = columns.find(
    (row) => row.schema === table.schema && row.table === table.name && row.column === column && !row.inherited,
  );
  return found?.nullFraction ?? 0;
}

/**
 * Gives the fix that builds the index. On a partitioned table each partition's is built first, without stopping writes:
 * the one statement on the whole then finds them and takes them in.
 */
export function foreignKeyFix(catalog: Catalog, table: Table, spec: IndexSpec): Fix {
  const taken = namesIn(catalog);
  const name = indexName(spec, taken);
  const leaves = table.kind === 'partitioned table' ? leavesOf(catalog, table) : [];
  const specs = leaves.map((leaf) => ({ ...spec, table: { schema: leaf.schema, name: leaf.name } }));
  const whole = table.kind === 'partitioned table' ? [attachStatement(spec, name)] : [buildStatement(spec, name)];
  return {
    kind: 'create-index',
    sql: [...specs.map((leaf) => buildStatement(leaf, indexName(leaf, taken))), ...whole],
    undo: [
      `DROP INDEX ${table.kind === 'partitioned table' ? '' : 'CONCURRENTLY '}IF EXISTS ${quoteIdentifier(spec.table.schema)}.${quoteIdentifier(name)}`,
    ],
    rewrittenQuery: null,
    files: [],
  };
}

const known = new WeakMap<Catalog, ReadonlySet<string>>();

/** Names of tables and indexes; many foreign keys of one database ask for them. */
function namesIn(catalog: Catalog): ReadonlySet<string> {
  const names =
    known.get(catalog) ??
    new Set(catalog.tables.flatMap(({ name, indexes }) => [name, ...indexes.map((index) => index.name)]));
  known.set(catalog, names);
  return names;
}

function buildStatement(spec: IndexSpec, name: string): FixStatement {
  return {
    sql: createIndexSql(spec, { name, concurrently: true }),
    transactional: false,
    lockTimeoutMs: LOCK_TIMEOUT_MS,
    hazards: [
      `reads ${quoteRelation(spec.table)} twice while it is built; writes go on`,
      'waits for transactions that are older than itself',
      'leaves an INVALID index behind when it fails: drop it and run again',
    ],
  };
}

function attachStatement(spec: IndexSpec, name: string): FixStatement {
  return {
    sql: createIndexSql(spec, { name }),
    transactional: true,
    lockTimeoutMs: LOCK_TIMEOUT_MS,
    hazards: ['stops writes for an instant where every partition has the index already, else while it builds the rest'],
  };
}
