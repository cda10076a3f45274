import type { Node } from '@pgsql/types';
import type { Column } from '../../model/catalog.js';
import { storedColumn } from '../../sql/levels/query-level.js';
import { bodyOf } from '../../sql/walk.js';
import type { Parts, SargableForm } from './sargable-form.js';

/** Tells whether a column is padded with blanks, which a comparison with a text first takes off, past every index. */
export function isPadded({ baseType, collation }: Pick<Column, 'baseType' | 'collation'>): boolean {
  // Another collation may take no notice of blanks.
  return (baseType === 'bpchar' || baseType === 'character') && collation === null;
}

/** Tells whether a value is a constant or a parameter that is said to be text; a literal alone takes the column’s type. */
export function isSaidText(value: Node): boolean {
  return targetOf(value) === 'text' && isGiven(withoutCast(value));
}

const TEXTS: ReadonlySet<string> = new Set(['text', 'varchar']);

/**
 * `locator = 'ab'::text`, `locator::text = 'ab'`: as `character` of any length, of which blanks at the end do not count. A text
 * that ends with a blank equals none. Null for anything else.
 */
export function ofPadded({ column, value, wrapped }: Parts): SargableForm | null {
  const { expression, operator, comparison } = wrapped;
  const stored = storedColumn(wrapped.column);
  if (operator !== '=' || comparison.kind !== 'AEXPR_OP' || stored === undefined || !isPadded(stored)) return null;
  const isText = 'ColumnRef' in expression || TEXTS.has(targetOf(expression) ?? '');
  const given = isSaidText(wrapped.value) ? withoutCast(wrapped.value) : wrapped.value;
  if (!isText || !isGiven(given)) return null;
  const text = literalOf(given);
  if (text?.endsWith(' ')) return null;
  const bare = `(${value})::bpchar`;
  const chosen = text === null ? `CASE WHEN (${value}) NOT LIKE '% ' THEN ${bare} END` : bare;
  return { sql: `${column} = ${chosen}`, caution: null };
}

/** The type of a cast that takes a text as it is; null for any other. */
function targetOf(node: Node): string | null {
  const { names, typmods, arrayBounds } = bodyOf(node, 'TypeCast')?.typeName ?? {};
  const isWhole = typmods === undefined && arrayBounds === undefined;
  return isWhole ? (bodyOf(names?.at(-1), 'String')?.sval ?? null) : null;
}

function withoutCast(node: Node): Node {
  return bodyOf(node, 'TypeCast')?.arg ?? node;
}

function isGiven(node: Node): boolean {
  return 'ParamRef' in node || literalOf(node) !== null;
}

/** Null for what is no quoted literal. */
function literalOf(node: Node): string | null {
  const { sval } = bodyOf(node, 'A_Const') ?? {};
  return sval === undefined ? null : (sval.sval ?? '');
}
