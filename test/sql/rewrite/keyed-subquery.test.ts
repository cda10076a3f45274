import { expect, it } from 'vitest';
import type { Catalog } from '../../../src/model/catalog.js';
import { rewriteVariants } from '../../../src/sql/rewrite/variants.js';
import { catalogOf } from '../../catalog.js';

const SQL = 'SELECT (SELECT count(*) FROM inside i WHERE i.word = o.word) FROM outside o';

/** The two tables, whose words may bear a collation of their own. */
function catalog(collations: Readonly<Record<string, string | null>>): Catalog {
  const whole = catalogOf({ inside: ['word text'], outside: ['word text'] });
  const tables = whole.tables.map((table) => ({
    ...table,
    columns: table.columns.map((column) => ({ ...column, collation: collations[table.name] ?? null })),
  }));
  return { ...whole, tables };
}

it.each([
  [{}, true],
  [{ inside: 'folded' }, true],
  [{ inside: 'folded', outside: 'folded' }, true],
  // Of words that are two to the groups the row outside may find both.
  [{ outside: 'folded' }, false],
  [{ inside: 'other', outside: 'folded' }, false],
])('with the collations %j a key finds one group: %j', (collations, isOneGroup) => {
  const variants = rewriteVariants(SQL, { catalog: catalog(collations), major: 15 });
  expect(variants.find(({ id }) => id === 'group-join')?.sql !== null).toBe(isOneGroup);
});
