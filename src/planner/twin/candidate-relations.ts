import type { Session } from '../../postgres/session.js';

/** A new index as the twin's catalogs hold it. */
export interface CandidateRelation {
  readonly name: string;
  readonly oid: number;
  readonly tableOid: number;
  /** Relative to the data directory. */
  readonly path: string;
  /** Whether equal keys always look alike, so that they can share an entry. */
  readonly equalImage: boolean;
}

/** Gives indexes of a table by name. */
export async function readCandidateRelations(
  session: Session,
  tableOid: number,
  names: readonly string[],
): Promise<ReadonlyMap<string, CandidateRelation>> {
  const { rows } = await session.query<CandidateRelation>(
    `SELECT c.relname AS name, c.oid, x.indrelid AS "tableOid", pg_catalog.pg_relation_filepath(c.oid) AS path,
            (SELECT pg_catalog.bool_and(${EQUAL_IMAGE})
               FROM pg_catalog.generate_series(0, x.indnkeyatts - 1) AS k (place)
               JOIN pg_catalog.pg_opclass o ON o.oid = x.indclass[k.place]
               -- Types without collations have none here.
               LEFT JOIN pg_catalog.pg_collation l ON l.oid = x.indcollation[k.place]) AS "equalImage"
       FROM pg_catalog.pg_index x
       JOIN pg_catalog.pg_class c ON c.oid = x.indexrelid
      WHERE x.indrelid = $1 AND c.relname = ANY ($2::text[])`,
    [tableOid, names],
  );
  return new Map(rows.map((row) => [row.name, row]));
}

/**
 * Support function 4 of an operator class says whether its equal values are alike byte by byte; text is, under a
 * deterministic collation. Interval claims it in older catalogs, and the code knows better: 24 hours equal a day.
 */
const EQUAL_IMAGE = `
  coalesce(l.collisdeterministic, true)
  AND o.opcintype <> 'pg_catalog.interval'::pg_catalog.regtype
  AND EXISTS (SELECT FROM pg_catalog.pg_amproc p
               WHERE p.amprocfamily = o.opcfamily AND p.amproclefttype = o.opcintype
                 AND p.amprocrighttype = o.opcintype AND p.amprocnum = 4)`;
