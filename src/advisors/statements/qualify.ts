import type { ColumnRef } from '@pgsql/types';
import { positionsOf } from '../../sql/positions.js';
import { quoteIdentifier } from '../../sql/quote.js';
import { applyEdits } from '../../sql/text-edits.js';

/** Gives the text with a relation's name before one bare column. */
export function qualified(text: string, reference: ColumnRef, alias: string): string {
  const at = positionsOf(text).fromBytes(reference.location ?? 0);
  return applyEdits(text, [{ start: at, end: at, text: `${quoteIdentifier(alias)}.` }]);
}
