import type { Session } from '../../src/postgres/session.js';

/** Describes every object of the schema `public` in one line each, so that two schemas can be compared as text. */
export async function describeSchema(session: Session): Promise<readonly string[]> {
  const { rows } = await session.query<{ line: string }>(`
    SELECT format('column %s.%s %s default %s not null %s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                  pg_get_expr(d.adbin, d.adrelid), a.attnotnull) AS line
      FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
      LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
     WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
    UNION ALL
    SELECT format('table %s %s', relname, reloptions) FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind <> 'i'
    UNION ALL
    SELECT format('constraint %s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
      FROM pg_constraint WHERE connamespace = 'public'::regnamespace
    UNION ALL
    SELECT pg_get_indexdef(indexrelid) FROM pg_index JOIN pg_class c ON c.oid = indrelid WHERE c.relnamespace = 'public'::regnamespace
    UNION ALL
    SELECT format('function %s', p.oid::regprocedure) FROM pg_proc p WHERE pronamespace = 'public'::regnamespace
    UNION ALL
    SELECT pg_get_triggerdef(t.oid) FROM pg_trigger t WHERE NOT tgisinternal
    ORDER BY 1`);
  return rows.map(({ line }) => line);
}
