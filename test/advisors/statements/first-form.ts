import { readText } from '../../../src/advisors/statements/read-statement.js';
import { allWrapped, unwrappedTexts } from '../../../src/advisors/statements/unwrap.js';
import type { Catalog } from '../../../src/model/catalog.js';

/** Gives a statement under the first form in which a column that it wraps stands bare; null for none. */
export function firstForm(sql: string, catalog: Catalog): string | null {
  const read = readText(sql, catalog);
  if (read === null) return null;
  const texts = allWrapped(read).flatMap((_, place) => unwrappedTexts(read, { place, catalog }));
  return texts[0]?.text ?? null;
}

/** Gives the WHERE of that. */
export function firstCondition(sql: string, catalog: Catalog): string | null {
  return firstForm(sql, catalog)?.replace(/^[\s\S]*?WHERE\s+/, '') ?? null;
}
