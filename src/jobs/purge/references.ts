import type { Session } from '../../postgres/session.js';
import { quoteIdentifier, quoteRelation } from '../../sql/quote.js';

/** A foreign key that refers to the purged table, or to one whose rows go with it. */
export interface Reference {
  readonly oid: number;
  readonly parent: number;
  readonly child: number;
  /** The referring table as SQL. */
  readonly childSql: string;
  readonly onDelete: 'restrict' | 'cascade' | 'set';
  readonly columns: readonly string[];
  readonly parentColumns: readonly string[];
  /** Whether the check is put off to the end of the transaction. */
  readonly isDeferred: boolean;
  readonly isIndexed: boolean;
  readonly isReadable: boolean;
}

/** Longer chains of cascades end in a batch that fails. */
const DEPTH_MAX = 5;

/** Gives the foreign keys to these tables, and those to the tables whose rows are deleted with theirs. */
export async function readReferences(session: Session, tables: readonly number[]): Promise<readonly Reference[]> {
  const read = await session.query<Omit<Reference, 'childSql'> & { schema: string; name: string }>(
    `WITH RECURSIVE reached AS (
       SELECT ${FIELDS} FROM pg_catalog.pg_constraint AS c
       WHERE c.contype = 'f' AND c.conparentid = 0 AND c.confrelid = ANY($1::oid[])
       UNION
       SELECT ${FIELDS} FROM reached
       JOIN pg_catalog.pg_constraint AS c ON c.contype = 'f' AND c.conparentid = 0 AND c.confrelid = reached.conrelid
       WHERE reached.confdeltype = 'c'
     ) SELECT r.oid, r.confrelid AS parent, r.conrelid AS child, n.nspname AS schema, t.relname AS name,
              CASE r.confdeltype WHEN 'c' THEN 'cascade' WHEN 'n' THEN 'set' WHEN 'd' THEN 'set' ELSE 'restrict' END AS "onDelete",
              ${names('r.conrelid', 'r.conkey')} AS columns, ${names('r.confrelid', 'r.confkey')} AS "parentColumns",
              r.condeferred AS "isDeferred",
              EXISTS (SELECT FROM pg_catalog.pg_index AS i
                      WHERE i.indrelid = r.conrelid AND i.indisvalid AND i.indkey[0] = ANY(r.conkey)) AS "isIndexed",
              pg_catalog.has_table_privilege(r.conrelid, 'SELECT') AS "isReadable"
     FROM reached AS r
     JOIN pg_catalog.pg_class AS t ON t.oid = r.conrelid
     JOIN pg_catalog.pg_namespace AS n ON n.oid = t.relnamespace
     ORDER BY r.oid`,
    [tables],
  );
  return read.rows.map(({ schema, name, ...reference }) => ({
    ...reference,
    childSql: quoteRelation({ schema, name }),
  }));
}

const FIELDS = 'c.oid, c.confrelid, c.conrelid, c.conkey, c.confkey, c.confdeltype, c.condeferred';

function names(relation: string, numbers: string): string {
  return `(SELECT pg_catalog.array_agg(a.attname::text ORDER BY k.place)
           FROM pg_catalog.unnest(${numbers}) WITH ORDINALITY AS k (number, place)
           JOIN pg_catalog.pg_attribute AS a ON a.attrelid = ${relation} AND a.attnum = k.number)`;
}

/** A table in a query: under which name, and as which entries of the catalog (a partitioned table is several). */
export interface Referenced {
  readonly alias: string;
  readonly oids: readonly number[];
}

/** Gives SQL that is true of a row which a foreign key does not let go, be it through rows that would go with it; null for none. */
export function heldBack(references: readonly Reference[], row: Referenced): string | null {
  const tests = heldBackBy(references, row, []);
  return tests.length === 0 ? null : `(${tests.join(' OR ')})`;
}

function heldBackBy(references: readonly Reference[], row: Referenced, path: readonly Reference[]): readonly string[] {
  if (path.length === DEPTH_MAX) return [];
  return references
    .filter((reference) => row.oids.includes(reference.parent) && !path.includes(reference))
    .flatMap((reference) => {
      const alias = `child_${path.length + 1}`;
      const match = `FROM ${reference.childSql} AS ${alias} WHERE ${matching(reference, alias, row.alias)}`;
      if (reference.onDelete === 'restrict')
        return [`EXISTS (SELECT ${match}${otherRow(reference, alias, row.alias)})`];
      if (reference.onDelete === 'set') return [];
      const inner = heldBackBy(references, { alias, oids: [reference.child] }, [...path, reference]);
      return inner.length === 0 ? [] : [`EXISTS (SELECT ${match} AND (${inner.join(' OR ')}))`];
    });
}

/** Gives SQL that is true of a child and its parent under these names. */
export function matching(reference: Reference, child: string, parent: string): string {
  return reference.columns
    .map((column, place) => {
      const key = reference.parentColumns[place] ?? column;
      return `${child}.${quoteIdentifier(column)} = ${parent}.${quoteIdentifier(key)}`;
    })
    .join(' AND ');
}

/** A row that refers to itself may go. */
function otherRow({ parent, child }: Reference, childAlias: string, parentAlias: string): string {
  if (parent !== child) return '';
  return ` AND (${childAlias}.tableoid, ${childAlias}.ctid) <> (${parentAlias}.tableoid, ${parentAlias}.ctid)`;
}
