import type { Catalog, Table } from '../../model/catalog.js';
import type { Fix } from '../../model/finding.js';
import type { IndexSpec } from '../../model/planner.js';
import type { Statistics } from '../../model/statistics.js';
import { quoteIdentifier } from '../../sql/quote.js';
import { createFix } from './create-fix.js';
import type { ForeignKey } from './foreign-keys.js';

/** From this share of NULLs on, leaving them out halves the index. */
const NULL_SHARE_MIN = 0.5;

/** Gives the index that a foreign key asks for; without NULLs where a single column is mostly NULL. */
export function indexFor(table: Table, { columns }: ForeignKey, statistics: Statistics): IndexSpec {
  const [only] = columns;
  const isSparse = columns.length === 1 && only !== undefined && nullShare(table, only, statistics) >= NULL_SHARE_MIN;
  return {
    table: { schema: table.schema, name: table.name },
    method: 'btree',
    keys: columns.map((column) => ({
      column,
      sql: quoteIdentifier(column),
      descending: false,
      nullsFirst: false,
      opclass: null,
      collation: null,
    })),
    include: [],
    predicate: isSparse ? `${quoteIdentifier(only)} IS NOT NULL` : null,
    unique: false,
  };
}

function nullShare(table: Table, column: string, { columns }: Statistics): number {
  const found = columns.find(
    (row) => row.schema === table.schema && row.table === table.name && row.column === column && !row.inherited,
  );
  return found?.nullFraction ?? 0;
}

/** Gives the fix that builds the index, under a name that nothing else has. */
export function foreignKeyFix(catalog: Catalog, spec: IndexSpec): Fix {
  return createFix(catalog, spec, namesIn(catalog));
}

const known = new WeakMap<Catalog, ReadonlySet<string>>();

/** Names of tables and indexes; many foreign keys of one database ask for them. */
function namesIn(catalog: Catalog): ReadonlySet<string> {
  const names =
    known.get(catalog) ??
    new Set(catalog.tables.flatMap(({ name, indexes }) => [name, ...indexes.map((index) => index.name)]));
  known.set(catalog, names);
  return names;
}
