import type { Session } from '../../postgres/session.js';
import { readBrokenBodies } from './broken-bodies.js';
import { readFinalObjects } from './final-objects.js';
import type { FinalForeignKey, FinalSchema, UuidDefault } from './observation.js';

/** Reads what rules about the schema as a whole look at. */
export async function readFinalSchema(session: Session): Promise<FinalSchema> {
  return {
    foreignKeys: await readForeignKeys(session),
    uuidDefaults: await readUuidDefaults(session),
    brokenBodies: await readBrokenBodies(session),
    objects: await readFinalObjects(session),
  };
}

async function readForeignKeys(session: Session): Promise<readonly FinalForeignKey[]> {
  const { rows } = await session.query<FinalForeignKey>(
    `SELECT pg_catalog.format('%I.%I', namespace.nspname, class.relname) AS table, key.conname AS name,
            (SELECT pg_catalog.array_agg(attribute.attname ORDER BY member.place)
             FROM pg_catalog.unnest(key.conkey) WITH ORDINALITY AS member (number, place)
             JOIN pg_catalog.pg_attribute AS attribute
               ON attribute.attrelid = key.conrelid AND attribute.attnum = member.number)::text[] AS columns,
            parent.relname AS references, key.confdeltype AS "onDelete"
     FROM pg_catalog.pg_constraint AS key
     JOIN pg_catalog.pg_class AS class ON class.oid = key.conrelid
     JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = class.relnamespace
     JOIN pg_catalog.pg_class AS parent ON parent.oid = key.confrelid
     WHERE key.contype = 'f' AND key.conparentid = 0 ORDER BY 1, 2`,
  );
  return rows;
}

async function readUuidDefaults(session: Session): Promise<readonly UuidDefault[]> {
  const { rows } = await session.query<UuidDefault>(
    `SELECT pg_catalog.format('%I.%I', namespace.nspname, class.relname) AS table, attribute.attname AS column,
            routine.proname AS generator
     FROM pg_catalog.pg_attrdef AS value
     JOIN pg_catalog.pg_class AS class ON class.oid = value.adrelid
     JOIN pg_catalog.pg_namespace AS namespace ON namespace.oid = class.relnamespace
     JOIN pg_catalog.pg_attribute AS attribute ON attribute.attrelid = class.oid AND attribute.attnum = value.adnum
     JOIN LATERAL (SELECT (pg_catalog.regexp_match(pg_catalog.pg_get_expr(value.adbin, value.adrelid),
       '^(?:\\w+\\.)?(uuid_generate_v[14]|gen_random_uuid|uuidv4|uuidv7)\\(\\)$'))[1] AS proname) AS routine
       ON routine.proname IS NOT NULL
     ORDER BY class.oid, attribute.attnum`,
  );
  return rows;
}
