import type { WrittenValue, WrittenValues } from '../../sql/analysis/written-values.js';
import { type Conjunct, conjunctsOf } from '../../sql/conjuncts.js';

/** Tells whether a row with these values is in an index with this predicate; null where that is not known. */
export function entersIndex(predicate: string, values: WrittenValues): boolean | null {
  const met = conjunctsOf(predicate).map((conjunct) => meets(conjunct, values));
  if (met.includes(false)) return false;
  return met.includes(null) ? null : true;
}

function meets(conjunct: Conjunct, values: WrittenValues): boolean | null {
  const value = conjunct.column === null ? undefined : values.get(conjunct.column);
  if (value === undefined) return null;
  switch (conjunct.kind) {
    case 'null':
      return value.kind === 'null';
    case 'not null':
      return value.kind !== 'null';
    case 'equality':
      return isAmong(value, conjunct.values ?? []);
    default:
      return value.kind === 'null' ? false : null;
  }
}

function isAmong(value: WrittenValue, wanted: readonly string[]): boolean | null {
  if (value.kind === 'null') return false;
  return value.kind === 'constant' ? wanted.includes(value.text) : null;
}
