import type { Catalog } from '../../model/catalog.js';
import { seriesBounds } from '../../sql/forms/series-bounds.js';
import { boundedWithin } from './bounded-within.js';

/** Units that are longer than what the ends of a series are widened by. */
const LONG_UNIT = /'(month|quarter|year|decade|century|millennium)'/i;

/**
 * Writes a query that joins the moments of a `generate_series` to what a query within makes of a column so that the column
 * is held against the two ends there. Where clocks are put back at midnight a day begins twice: the bound is a week beyond the
 * ends, and each day that is joined is whole. Null where there is no such column, and for months.
 */
export function boundedBySeries(sql: string, catalog: Catalog): string | null {
  const bounded = seriesBounds(sql, catalog, true);
  return bounded === null || LONG_UNIT.test(bounded) ? null : boundedWithin(bounded, catalog, sql);
}
