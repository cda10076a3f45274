import { quoteIdentifier } from '../../sql/quote.js';
import { bodyOf } from '../../sql/walk.js';
import type { Parts, SargableForm } from './sargable-form.js';

/** Types whose texts ILIKE compares as they are: blanks that pad a text count, and no type folds case by itself. */
const TEXTS: ReadonlySet<string> = new Set(['text', 'character varying']);

/**
 * `email ILIKE 'Ann@mail.example'`: as `lower()` of both. In UTF-8 ILIKE compares what lower() makes of both under the same
 * collation, byte by byte, as `=` does under every collation that a database may have for its own. Null for a pattern that
 * is not told, or that has a wildcard or an escape.
 */
export function ofAnyCase({ column, type, value, wrapped, catalog }: Parts): SargableForm | null {
  const { comparison, expression } = wrapped;
  const { sval } = bodyOf(wrapped.value, 'A_Const') ?? {};
  const stored = wrapped.column.relation.table?.columns.find(({ name }) => name === wrapped.column.name);
  const isIlike = comparison.kind === 'AEXPR_ILIKE' && wrapped.operator === '~~*' && comparison.name?.length === 1;
  if (!isIlike || !('ColumnRef' in expression) || sval === undefined || /[%_\\]/.test(sval.sval ?? '')) return null;
  // The text beside the column is lowered under the database's collation.
  if (!TEXTS.has(type) || stored?.collation !== null || catalog.locale?.encoding !== 'UTF8') return null;
  // A function of that name for this very type would be taken instead.
  const isOwn = (catalog.objects ?? []).some(({ kind, name }) => kind === 'function' && name === 'lower');
  if (isOwn) return null;
  const sql = `lower(${column}) = lower(${value})`;
  return {
    sql,
    caution: null,
    indexed: `lower(${quoteIdentifier(wrapped.column.name)})`,
    way: 'lower() on both sides',
  };
}
