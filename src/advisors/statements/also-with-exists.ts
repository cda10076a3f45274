import { rewriteVariants } from '../../sql/rewrite/variants.js';
import type { Evidence } from '../advisor.js';
import type { WrittenForm } from './other-form.js';

/** A count that may be compared with none. */
const COUNT = /\(\s*select\s+count\s*\(/i;

/**
 * Gives forms of a statement and, for each that counts rows in a subquery to learn whether there is one, the same with
 * EXISTS in its place: each of the two changes may bring less than half of what both bring.
 */
export function alsoWithExists(forms: readonly WrittenForm[], catalog: Evidence['catalog']): readonly WrittenForm[] {
  return forms.flatMap((form) => {
    const [flat] = COUNT.test(form.sql)
      ? rewriteVariants(form.sql, { catalog, major: catalog.server.major }, ['flatten'])
      : [];
    return flat?.sql == null
      ? [form]
      : [form, { ...form, way: `${form.way}, EXISTS in the place of counts`, sql: flat.sql }];
  });
}
