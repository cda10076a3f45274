import type { IndexSpec } from '../../model/planner.js';
import { quoteIdentifier } from '../../sql/quote.js';

/** True when an SQL text names the column, quoted or not. */
export function mentionsColumn(sql: string, column: string): boolean {
  const word = new RegExp(`(^|[^\\w$])"?${column.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}"?([^\\w$]|$)`);
  return word.test(sql);
}

/** True when an index holds the column, as a key, within one, beside them or in its predicate. */
export function indexMentions(
  { keys, include, predicate }: Pick<IndexSpec, 'keys' | 'include' | 'predicate'>,
  column: string,
): boolean {
  return [...keys.map((key) => key.sql), ...include.map(quoteIdentifier), predicate ?? ''].some((sql) =>
    mentionsColumn(sql, column),
  );
}
