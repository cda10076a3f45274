import type { EnumType } from '../../model/schema-object.js';
import type { Session } from '../../postgres/session.js';

/** Free range of OIDs where labels wait while their final OIDs may still be another label's. */
const WAITING_OFFSET = 3_000_000_000;

/**
 * Gives the labels of the enum types the OIDs that they have at the source: statistics and multivariate lists hold
 * labels as OIDs. It must happen before any value of these types is stored.
 */
export async function adoptEnumOids(session: Session, enums: readonly EnumType[]): Promise<void> {
  const labels = enums.flatMap(({ schema, name, labels }) => labels.map((label) => ({ schema, name, ...label })));
  if (labels.length === 0) return;
  const values = [
    labels.map(({ schema }) => schema),
    labels.map(({ name }) => name),
    labels.map(({ label }) => label),
    labels.map(({ oid }) => oid),
  ];
  for (const oid of [`(${WAITING_OFFSET} + s.place)::oid`, 's.oid']) {
    await session.query(
      `UPDATE pg_catalog.pg_enum e SET oid = ${oid}
         FROM unnest($1::text[], $2::text[], $3::text[], $4::oid[])
              WITH ORDINALITY AS s (schema, name, label, oid, place)
         JOIN pg_catalog.pg_namespace n ON n.nspname = s.schema
         JOIN pg_catalog.pg_type t ON t.typnamespace = n.oid AND t.typname = s.name
        WHERE e.enumtypid = t.oid AND e.enumlabel = s.label`,
      values,
    );
  }
}
