import { createHash } from 'node:crypto';
import type { IndexKey } from '../model/catalog.js';
import { type ExtensionToCreate, type IndexSpec, indexSpecKey } from '../model/planner.js';
import { quoteIdentifier, quoteRelation } from './quote.js';

export interface CreateIndexOptions {
  /** Unquoted; `indexName(spec)` where not given. */
  readonly name?: string;
  readonly concurrently?: boolean;
}

/** Gives the CREATE INDEX statement of a spec, without a semicolon; what is PostgreSQL's default is left out. */
export function createIndexSql(spec: IndexSpec, options: CreateIndexOptions = {}): string {
  const words = [
    'CREATE',
    ...(spec.unique ? ['UNIQUE'] : []),
    'INDEX',
    ...(options.concurrently === true ? ['CONCURRENTLY'] : []),
    quoteIdentifier(options.name ?? indexName(spec)),
    'ON',
    quoteRelation(spec.table),
    ...(spec.method === 'btree' ? [] : ['USING', spec.method]),
    `(${spec.keys.map(keySql).join(', ')})`,
    ...(spec.include.length > 0 ? [`INCLUDE (${spec.include.map(quoteIdentifier).join(', ')})`] : []),
    ...(spec.predicate === null ? [] : [`WHERE ${spec.predicate}`]),
  ];
  return words.join(' ');
}

/** Gives the CREATE EXTENSION statement that must come before an index's own, without a semicolon. */
export function createExtensionSql({ name, schema }: ExtensionToCreate): string {
  return `CREATE EXTENSION IF NOT EXISTS ${quoteIdentifier(name)} SCHEMA ${quoteIdentifier(schema)}`;
}

/**
 * Gives the ANALYZE that an index on an expression wants behind it, without a semicolon: until then the planner knows
 * nothing of what the expression gives, and guesses. Null for an index on columns alone.
 */
export function analyzeSql({ table, keys }: IndexSpec): string | null {
  return keys.some(({ column }) => column === null) ? `ANALYZE ${quoteRelation(table)}` : null;
}

/** NAMEDATALEN - 1: PostgreSQL cuts longer names without a word. */
const NAME_BYTES_MAX = 63;
const SUFFIX = '_idx';

/**
 * Gives the name of an index: `table_columns_idx`, at most 63 bytes, the same for the same spec. What the columns
 * alone do not tell (an expression, a predicate, INCLUDE, an operator class, a name in `taken` …) puts a hash in it.
 */
export function indexName(spec: IndexSpec, taken: ReadonlySet<string> = new Set()): string {
  const method = spec.method === 'btree' ? [] : [spec.method];
  const base = [spec.table.name, ...spec.keys.map(keyWord), ...method].join('_');
  const plain = `${base}${SUFFIX}`;
  if (isToldByItsColumns(spec) && Buffer.byteLength(plain) <= NAME_BYTES_MAX && !taken.has(plain)) return plain;
  const hash = createHash('sha256').update(indexSpecKey(spec)).digest('hex').slice(0, 8);
  const ending = `_${hash}${SUFFIX}`;
  return `${cutToBytes(base, NAME_BYTES_MAX - ending.length)}${ending}`;
}

function keySql(key: IndexKey): string {
  const nulls = key.nullsFirst ? ' NULLS FIRST' : ' NULLS LAST';
  return [
    key.sql,
    key.collation === null ? '' : ` COLLATE ${key.collation}`,
    key.opclass === null ? '' : ` ${key.opclass}`,
    key.descending ? ' DESC' : '',
    hasDefaultNulls(key) ? '' : nulls,
  ].join('');
}

/** Null sorts as the greatest value: last when ascending, first when descending. */
export function hasDefaultNulls(key: IndexKey): boolean {
  return key.nullsFirst === key.descending;
}

function keyWord(key: IndexKey): string {
  return `${key.column ?? 'expr'}${key.descending ? '_desc' : ''}`;
}

function isToldByItsColumns(spec: IndexSpec): boolean {
  return (
    spec.predicate === null &&
    spec.include.length === 0 &&
    !spec.unique &&
    spec.keys.every(
      (key) => key.column !== null && key.opclass === null && key.collation === null && hasDefaultNulls(key),
    )
  );
}

/** Cuts between characters, never inside one. */
function cutToBytes(text: string, bytesMax: number): string {
  let bytes = 0;
  let cut = '';
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > bytesMax) break;
    cut += character;
  }
  return cut;
}
