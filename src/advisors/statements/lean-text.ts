import type { Catalog } from '../../model/catalog.js';
import { allNeedlessJoins, needlessJoins } from './needless-joins.js';
import { readText } from './read-statement.js';

/** Most statements join nothing, and need no reading for that. */
const JOINED = /\bjoin\b|\bfrom\b[^()]*,/i;

const known = new WeakMap<Catalog, Map<string, string | null>>();

/** Gives a text without all joins of which nothing is read; null where it has none such. Read once for all rules. */
export function leanText(sql: string, catalog: Catalog): string | null {
  if (!JOINED.test(sql)) return null;
  const texts = known.get(catalog) ?? new Map<string, string | null>();
  known.set(catalog, texts);
  const found = texts.get(sql);
  if (found !== undefined) return found;
  const read = readText(sql, catalog);
  const needless = read === null ? null : (allNeedlessJoins(read, catalog) ?? needlessJoins(read, catalog)[0]);
  const lean = needless?.text ?? null;
  texts.set(sql, lean);
  return lean;
}
