import type { Index, IndexKey } from '../../model/catalog.js';
import { type IndexSpec, indexSpecKey } from '../../model/planner.js';
import type { TableScan } from '../../sql/analysis/table-scan.js';
import { armsOf } from './arms.js';
import { brinCandidates } from './brin-candidates.js';
import { bare } from './candidates.js';
import { ginCandidates } from './gin-candidates.js';
import { gistCandidates } from './gist-candidates.js';
import type { MethodOptions } from './method-keys.js';
import { patternCandidates } from './pattern-candidates.js';

/**
 * Gives the indexes that serve what a plain btree cannot: prefixes of text under a linguistic collation, documents,
 * arrays, words and parts of words, ranges, and stretches of a very large table that is in order by itself.
 */
export function methodCandidates(scan: TableScan, options: MethodOptions): readonly IndexSpec[] {
  const specs = new Map<string, IndexSpec>();
  for (const arm of armsOf(scan)) {
    const found = [patternCandidates, ginCandidates, gistCandidates, brinCandidates].flatMap((candidates) =>
      candidates(scan, arm, options),
    );
    for (const { method, keys, predicate, extension } of found) {
      const { schema, name } = scan.table;
      const whole = { table: { schema, name }, method, keys, include: [], predicate, unique: false };
      const spec: IndexSpec = extension === undefined ? whole : { ...whole, extension };
      if (!scan.table.indexes.some((index) => serves(index, spec))) specs.set(indexSpecKey(spec), spec);
    }
  }
  return [...specs.values()];
}

/** True when an existing index begins with the candidate's keys; the order of keys means nothing to GIN and BRIN. */
function serves(index: Index, spec: IndexSpec): boolean {
  if (!index.valid || index.method !== spec.method) return false;
  if (index.predicate !== null && bare(index.predicate) !== bare(spec.predicate ?? '')) return false;
  const isOrdered = spec.method === 'btree';
  return spec.keys.every((key, place) => {
    const others = isOrdered ? index.keys.slice(place, place + 1) : index.keys;
    return others.some((other) => bare(other.sql) === bare(key.sql) && isAsGood(other, key));
  });
}

/** A document index by keys answers all that one by paths does. */
function isAsGood({ opclass }: IndexKey, wanted: IndexKey): boolean {
  return lastPart(opclass) === lastPart(wanted.opclass) || (opclass === null && wanted.opclass === 'jsonb_path_ops');
}

function lastPart(opclass: string | null): string | null {
  return opclass?.split('.').at(-1) ?? null;
}
