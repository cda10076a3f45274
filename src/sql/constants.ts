import type { Node } from '@pgsql/types';

/** Fields in which a number is no value: `ORDER BY 1`, `numeric(10, 2)`. */
const PLACES: ReadonlySet<string> = new Set(['sortClause', 'groupClause', 'distinctClause', 'typmods']);

/** Whether a statement holds a text or a number that may come from a row. */
export function hasConstants(tree: Node): boolean {
  return search(tree, false);
}

function search(value: unknown, isPlace: boolean): boolean {
  if (Array.isArray(value)) return value.some((item) => search(item, isPlace));
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([field, child]) => {
    if (field === 'A_Const') return isValue(child, isPlace);
    // A list of places, or what stands in one; what an expression there holds is a value again.
    return search(child, PLACES.has(field) || (isPlace && (field === 'SortBy' || field === 'node')));
  });
}

function isValue(constant: unknown, isPlace: boolean): boolean {
  const fields = Object.keys(constant as object);
  if (isPlace && fields.includes('ival')) return false;
  return fields.some((field) => field === 'ival' || field === 'fval' || field === 'sval' || field === 'bsval');
}
