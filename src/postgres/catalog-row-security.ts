import type { Policy, RowSecurity } from '../model/catalog.js';
import type { Session } from './session.js';

/** Gives the row-level security of the tables that have it enabled. */
export async function readRowSecurity(
  session: Session,
  tableOids: readonly number[],
): Promise<ReadonlyMap<number, RowSecurity>> {
  const { rows } = await session.query<{ oid: number; enforced: boolean; policies: readonly PolicyRow[] | null }>(
    // pg_has_role would call a superuser a member of every role.
    `WITH RECURSIVE own (oid) AS (
       SELECT r.oid FROM pg_catalog.pg_roles r WHERE r.rolname = current_user
       UNION
       SELECT m.roleid FROM own JOIN pg_catalog.pg_auth_members m ON m.member = own.oid)
     SELECT c.oid, c.relforcerowsecurity OR EXISTS (
              SELECT FROM pg_catalog.pg_roles r
               WHERE NOT r.rolsuper AND NOT r.rolbypassrls AND r.rolname !~ '^pg_'
                 AND NOT pg_catalog.pg_has_role(r.oid, c.relowner, 'MEMBER')
                 AND pg_catalog.has_table_privilege(r.oid, c.oid, 'SELECT, INSERT, UPDATE, DELETE')) AS enforced,
            (SELECT pg_catalog.json_agg(pg_catalog.json_build_object(
                      'name', p.polname, 'permissive', p.polpermissive, 'command', p.polcmd,
                      'roles', ARRAY(SELECT r.rolname FROM pg_catalog.pg_roles r WHERE r.oid = ANY (p.polroles) ORDER BY 1),
                      'ofReader', EXISTS (SELECT FROM own WHERE own.oid = ANY (p.polroles)),
                      'using', pg_catalog.pg_get_expr(p.polqual, p.polrelid),
                      'check', pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)) ORDER BY p.polname)
               FROM pg_catalog.pg_policy p WHERE p.polrelid = c.oid) AS policies
       FROM pg_catalog.pg_class c
      WHERE c.oid = ANY ($1::oid[]) AND c.relrowsecurity
      ORDER BY c.oid`,
    [tableOids],
  );
  return new Map(
    rows.map(({ oid, enforced, policies }) => [oid, { enforced, policies: (policies ?? []).map(policyOf) }]),
  );
}

type PolicyRow = Omit<Policy, 'command'> & { readonly command: string };

const COMMANDS: Readonly<Record<string, Policy['command']>> = {
  '*': 'all',
  r: 'select',
  a: 'insert',
  w: 'update',
  d: 'delete',
};

function policyOf(row: PolicyRow): Policy {
  return { ...row, command: COMMANDS[row.command] ?? 'all' };
}
