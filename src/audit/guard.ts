import type { Session } from '../postgres/session.js';
import { quoteIdentifier, quoteLiteral } from '../sql/quote.js';
import type { AuditLayout } from './layout.js';

const ROW_GUARD = 'pgsteward_audit_row';
const TABLE_GUARD = 'pgsteward_audit_table';

/**
 * Puts triggers on an audit table that refuse to change, delete or truncate rows of the chain, where they are not there
 * yet. Rows are known by their marker: a table without one is guarded against TRUNCATE alone. Waits at most
 * `lockTimeoutMs` for the table; needs the right TRIGGER on it.
 */
export async function guardAuditTable(
  session: Session,
  layout: AuditLayout,
  { ownSchema, lockTimeoutMs }: { readonly ownSchema: string; readonly lockTimeoutMs: number },
): Promise<void> {
  if (await isGuarded(session, layout)) return;
  await session.query('BEGIN');
  try {
    await session.script(`SET LOCAL lock_timeout = ${lockTimeoutMs};\n${guardSql(layout, ownSchema).join(';\n')}`);
    await session.query('COMMIT');
  } catch (error) {
    await session.query('ROLLBACK');
    throw error;
  }
}

async function isGuarded(session: Session, { table, marker }: AuditLayout): Promise<boolean> {
  const found = await session.query(
    `SELECT FROM pg_catalog.pg_trigger
     WHERE tgrelid = pg_catalog.to_regclass($1) AND tgname = ANY ($2) AND tgenabled <> 'D'`,
    [table, [ROW_GUARD, TABLE_GUARD]],
  );
  return found.rowCount === (marker === null ? 1 : 2);
}

function guardSql({ table, references, unset, marker }: AuditLayout, ownSchema: string): readonly string[] {
  const schema = quoteIdentifier(ownSchema);
  const whole = `CREATE OR REPLACE TRIGGER ${TABLE_GUARD} BEFORE TRUNCATE ON ${table}
    FOR EACH STATEMENT EXECUTE FUNCTION ${schema}.guard_audit_table()`;
  if (marker === null) return [whole];
  const rows = `CREATE OR REPLACE TRIGGER ${ROW_GUARD} BEFORE UPDATE OR DELETE ON ${table}
    FOR EACH ROW WHEN (OLD.${quoteIdentifier(marker.column)} = ${quoteLiteral(marker.value)})
    EXECUTE FUNCTION ${schema}.guard_audit_row(${[...references, ...unset].map(quoteLiteral).join(', ')})`;
  return [whole, rows];
}
