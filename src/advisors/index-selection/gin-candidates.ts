import type { Catalog, IndexKey } from '../../model/catalog.js';
import type { ExtensionToCreate } from '../../model/planner.js';
import type { KeyExpression, KeyPredicate, TableScan } from '../../sql/analysis/table-scan.js';
import { quoteIdentifier } from '../../sql/quote.js';
import type { ScanArm } from './arms.js';
import { keyType, keyWith, lastingPredicates, type MethodKeys, type MethodOptions } from './method-keys.js';
import { isText } from './pattern-candidates.js';

/**
 * Gives GIN indexes: on documents, arrays and lexemes for containment, on the trigrams of texts for patterns. Where
 * btree_gin is installed also with the equality columns in front.
 */
export function ginCandidates(scan: TableScan, arm: ScanArm, options: MethodOptions): readonly MethodKeys[] {
  const parts = partsOf(scan, arm, options.catalog);
  const alone = parts.flatMap(({ key, indexKeys, extension }) =>
    [null, ...lastingPredicates(scan, arm, key, options)].flatMap((predicate) =>
      indexKeys.map((indexKey) => gin([indexKey], predicate, extension)),
    ),
  );
  return [...alone, ...combined(scan, arm, parts, options.catalog)];
}

/** One key that GIN could hold, under each operator class that answers all that is asked of it. */
interface GinPart {
  readonly key: KeyExpression;
  readonly indexKeys: readonly IndexKey[];
  readonly extension: ExtensionToCreate | undefined;
}

function gin(
  keys: readonly IndexKey[],
  predicate: string | null,
  extension: ExtensionToCreate | undefined,
): MethodKeys {
  return { method: 'gin', keys, predicate, ...(extension === undefined ? {} : { extension }) };
}

function partsOf(scan: TableScan, arm: ScanArm, catalog: Catalog): readonly GinPart[] {
  const keys = new Map(arm.predicates.map(({ key }) => [key.sql, key]));
  return [...keys.values()].flatMap((key): readonly GinPart[] => {
    const asked = arm.predicates.filter((predicate) => predicate.key.sql === key.sql);
    const classes = containmentClasses(keyType(scan.table, key) ?? '', asked, catalog);
    if (classes.length > 0)
      return [{ key, indexKeys: classes.map((opclass) => keyWith(key, opclass)), extension: undefined }];
    const trigram = asked.some(holdsTrigram) && isText(scan.table, key) ? trigramClass(catalog) : null;
    return trigram === null ? [] : [{ key, indexKeys: [keyWith(key, trigram.opclass)], extension: trigram.extension }];
  });
}

const DOCUMENT_OPERATORS = ['@>', '?', '?|', '?&', '@?', '@@'];
const PATH_OPERATORS = ['@>', '@?', '@@'];
const ARRAY_OPERATORS = ['@>', '<@', '&&'];

/** Operator classes for what is asked of a key of this type, null for the type's own; none where GIN has no answer. */
function containmentClasses(
  type: string,
  asked: readonly KeyPredicate[],
  catalog: Catalog,
): readonly (string | null)[] {
  const operators = asked.filter(({ kind }) => kind === 'containment').map(({ operator }) => operator);
  const isAsked = (known: readonly string[]) => operators.some((operator) => known.includes(operator));
  if (type === 'jsonb') {
    if (!isAsked(DOCUMENT_OPERATORS)) return [];
    return operators.every((operator) => PATH_OPERATORS.includes(operator)) ? ['jsonb_path_ops', null] : [null];
  }
  if (type === 'tsvector') return isAsked(['@@']) ? [null] : [];
  if (type.endsWith('hstore')) return isAsked(['@>', '?', '?|', '?&']) ? [null] : [];
  if (!type.endsWith('[]') || !isAsked(ARRAY_OPERATORS)) return [];
  // intarray has operators of its own for arrays of integers, which the server then takes.
  const intarray = type === 'integer[]' ? schemaOf('intarray', catalog) : null;
  return [intarray === null ? null : `${quoteIdentifier(intarray)}.gin__int_ops`];
}

/** Shorter pieces of a pattern hold no trigram, and the whole index would be read. */
const TRIGRAM = /[\p{L}\p{N}]{3}/u;

function holdsTrigram({ kind, operator, literal }: KeyPredicate): boolean {
  // The word that is sought in a text must be the operand that is no column: `<%` the other way round has no index.
  if (kind !== 'pattern' || operator === '^@' || operator === '<%') return false;
  if (literal == null || operator.endsWith(' ANY')) return true;
  // A prefix alone is what a btree answers.
  return TRIGRAM.test(literal) && !(operator === '~~' && /^[^%_]+%?$/.test(literal));
}

function trigramClass(
  catalog: Catalog,
): { readonly opclass: string; readonly extension: ExtensionToCreate | undefined } | null {
  const installed = schemaOf('pg_trgm', catalog);
  if (installed !== null) return { opclass: `${quoteIdentifier(installed)}.gin_trgm_ops`, extension: undefined };
  const schema = catalog.schemas.includes('public') ? 'public' : catalog.schemas[0];
  if (schema === undefined || catalog.installableExtensions?.includes('pg_trgm') !== true) return null;
  return { opclass: `${quoteIdentifier(schema)}.gin_trgm_ops`, extension: { name: 'pg_trgm', schema } };
}

function schemaOf(extension: string, catalog: Catalog): string | null {
  return catalog.extensions.find(({ name }) => name === extension)?.schema ?? null;
}

/** Several keys in one index: those that GIN alone holds, and with btree_gin the equality columns too. */
function combined(scan: TableScan, arm: ScanArm, parts: readonly GinPart[], catalog: Catalog): readonly MethodKeys[] {
  const firsts = parts.flatMap(({ indexKeys, extension }) =>
    indexKeys.slice(0, 1).map((indexKey) => ({ indexKey, extension })),
  );
  const extension = firsts.find((part) => part.extension !== undefined)?.extension;
  const keys = firsts.map(({ indexKey }) => indexKey);
  const equalities =
    schemaOf('btree_gin', catalog) === null
      ? []
      : arm.equalities.filter((key) => isScalar(keyType(scan.table, key))).map((key) => keyWith(key, null));
  return [
    ...(keys.length > 1 ? [gin(keys, null, extension)] : []),
    ...(keys.length > 0 && equalities.length > 0 ? [gin([...equalities, ...keys], null, extension)] : []),
  ];
}

/** Types that btree_gin has no operator class for. */
function isScalar(type: string | null): boolean {
  return type !== null && !type.endsWith('[]') && !['json', 'jsonb', 'tsvector', 'tsquery'].includes(type);
}
