import type { RelationName } from '../model/relation-name.js';
import type { EnumType, SequenceState } from '../model/schema-object.js';
import type { Session } from './session.js';

/** Gives the enum types of the schemas in the order of their OIDs. */
export async function readEnums(session: Session, schemaOids: readonly number[]): Promise<readonly EnumType[]> {
  const { rows } = await session.query<EnumType>(
    `SELECT n.nspname AS schema, t.typname AS name,
            (SELECT pg_catalog.json_agg(pg_catalog.json_build_object('label', e.enumlabel, 'oid', e.oid)
                                        ORDER BY e.enumsortorder)
               FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid) AS labels
       FROM pg_catalog.pg_type t
       JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
      WHERE t.typtype = 'e' AND t.typnamespace = ANY ($1::oid[])
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                         WHERE d.classid = 'pg_catalog.pg_type'::pg_catalog.regclass
                           AND d.objid = t.oid AND d.deptype = 'e')
      ORDER BY t.oid`,
    [schemaOids],
  );
  return rows.map((row) => ({
    ...row,
    // json_build_object prints an oid as a string.
    labels: (row.labels ?? []).map(({ label, oid }) => ({ label, oid: Number(oid) })),
  }));
}

/** Gives the sequences of the schemas; those of identity columns are not among them. */
export async function readSequences(session: Session, schemaOids: readonly number[]): Promise<readonly RelationName[]> {
  const { rows } = await session.query<RelationName>(
    `SELECT n.nspname AS schema, c.relname AS name
       FROM pg_catalog.pg_class c
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND c.relnamespace = ANY ($1::oid[])
        AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                         WHERE d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass
                           AND d.objid = c.oid AND d.deptype IN ('e', 'i'))
      ORDER BY c.oid`,
    [schemaOids],
  );
  return rows;
}

/** Gives how far the sequences of the schemas have counted, in the order of their OIDs. */
export async function readSequenceStates(
  session: Session,
  schemaOids: readonly number[],
): Promise<readonly SequenceState[]> {
  const { rows } = await session.query<SequenceState>(
    `SELECT n.nspname AS schema, c.relname AS name, pg_catalog.format_type(s.seqtypid, NULL) AS type,
            v.last_value::text AS "lastValue", CASE WHEN s.seqincrement > 0 THEN s.seqmax ELSE s.seqmin END::text AS limit,
            s.seqincrement::text AS increment, s.seqcycle AS cycles,
            CASE WHEN t.oid IS NOT NULL
                 THEN pg_catalog.json_build_object('table', pg_catalog.json_build_object('schema', tn.nspname, 'name', t.relname),
                                                   'column', a.attname, 'identity', d.deptype = 'i') END AS "ownedBy"
       FROM pg_catalog.pg_sequence s
       JOIN pg_catalog.pg_class c ON c.oid = s.seqrelid
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
       -- The view gives NULL where the role may not read the sequence.
       LEFT JOIN pg_catalog.pg_sequences v ON v.schemaname = n.nspname AND v.sequencename = c.relname
       -- A serial column owns its sequence, an identity column has it as a part.
       LEFT JOIN pg_catalog.pg_depend d ON d.classid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.objid = c.oid
             AND d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjsubid > 0 AND d.deptype IN ('a', 'i')
       LEFT JOIN pg_catalog.pg_class t ON t.oid = d.refobjid
       LEFT JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
       LEFT JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
      WHERE c.relpersistence <> 't' AND c.relnamespace = ANY ($1::oid[])
      ORDER BY c.oid`,
    [schemaOids],
  );
  return rows;
}
