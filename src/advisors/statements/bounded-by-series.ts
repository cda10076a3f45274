import type { Catalog } from '../../model/catalog.js';
import { seriesBounds } from '../../sql/forms/series-bounds.js';
import { boundedWithin } from './bounded-within.js';

/**
 * Writes a query that joins the moments of a `generate_series` to what a query within makes of a column so that the column
 * is held against the two ends there. Where clocks are put back at midnight a day begins twice: the bound is two units beyond
 * the ends, and each day, week, month or year that is joined is whole. Null where there is no such column.
 */
export function boundedBySeries(sql: string, catalog: Catalog): string | null {
  const days = /generate_series/i.test(sql) ? daysBeyond(sql) : null;
  const bounded = days === null ? null : seriesBounds(sql, catalog, days);
  return bounded === null ? null : boundedWithin(bounded, catalog, sql);
}

/** Two of the longest unit that a text may truncate to, and more than three days; null for units that are longer than years. */
function daysBeyond(sql: string): number | null {
  if (/decade|century|millennium|quarter/i.test(sql)) return null;
  if (/year/i.test(sql)) return 740;
  return /month/i.test(sql) ? 70 : 14;
}
