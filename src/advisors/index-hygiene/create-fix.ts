import type { Catalog, Table } from '../../model/catalog.js';
import type { Fix, FixStatement } from '../../model/finding.js';
import type { IndexSpec } from '../../model/planner.js';
import { analyzeSql, createExtensionSql, createIndexSql, indexName } from '../../sql/index-definition.js';
import { quoteIdentifier, quoteRelation } from '../../sql/quote.js';
import { LOCK_TIMEOUT_MS } from './drop-fix.js';
import { leavesOf } from './figures.js';

/**
 * Gives the fix that builds an index. On a partitioned table each partition's is built first, without stopping writes:
 * the one statement on the whole then finds them and takes them in. An index on an expression is analyzed. Names in
 * `taken` are not given again.
 */
export function createFix(catalog: Catalog, spec: IndexSpec, taken: ReadonlySet<string> = new Set()): Fix {
  const name = indexName(spec, taken);
  const table = tableOf(catalog, spec);
  const parts = table?.kind === 'partitioned table' ? leavesOf(catalog, table) : null;
  const leaves = (parts ?? []).map((leaf) => ({ ...spec, table: { schema: leaf.schema, name: leaf.name } }));
  const drop = parts === null ? 'DROP INDEX CONCURRENTLY' : 'DROP INDEX';
  return {
    kind: 'create-index',
    sql: [
      ...extensionStatements(spec),
      ...leaves.map((leaf) => buildStatement(leaf, indexName(leaf, taken))),
      parts === null ? buildStatement(spec, name) : attachStatement(spec, name),
      ...analyzeStatements(spec),
    ],
    undo: [`${drop} IF EXISTS ${quoteIdentifier(spec.table.schema)}.${quoteIdentifier(name)}`],
    rewrittenQuery: null,
    files: [],
  };
}

function tableOf({ tables }: Catalog, { table }: IndexSpec): Table | undefined {
  return tables.find(({ schema, name }) => name === table.name && schema === table.schema);
}

function extensionStatements({ extension }: IndexSpec): readonly FixStatement[] {
  if (extension === undefined) return [];
  const hazards = [
    `needs the extension ${extension.name}, which the database has not: its owner may create it, and some hosts allow it by list`,
    'the extension stays when the index is dropped',
  ];
  return [{ sql: createExtensionSql(extension), transactional: true, lockTimeoutMs: LOCK_TIMEOUT_MS, hazards }];
}

function analyzeStatements(spec: IndexSpec): readonly FixStatement[] {
  const sql = analyzeSql(spec);
  return sql === null ? [] : [{ sql, transactional: true, lockTimeoutMs: LOCK_TIMEOUT_MS, hazards: [] }];
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
      ...(spec.method === 'gin'
        ? ['each row that is written adds an entry for every key in it; some wait in a list that each search reads too']
        : []),
      ...(spec.method === 'gist' && spec.keys.some(({ column }) => column === null)
        ? [
            'refuses rows from then on that the expression cannot be made of, such as a range that ends before it begins',
          ]
        : []),
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
