import type { Catalog, Policy, RowSecurity, Table } from '../../model/catalog.js';
import type { SchemaObject } from '../../model/schema-object.js';
import type { ColumnStatistics } from '../../model/statistics.js';
import type { Session } from '../../postgres/session.js';
import { parseArrayLiteral } from '../../sql/array-literal.js';
import { quoteIdentifier, quoteRelation } from '../../sql/quote.js';
import { attributeKey } from './attributes.js';
import { runSteps } from './definition-steps.js';
import { nameKey, type Problems } from './problems.js';

/** What a session is to be in order to see the rows that the application sees. */
export interface ApplicationView {
  /** The role that statements are planned as. */
  readonly role: string;
  /** Settings that policies ask for, with a value of the column that they are compared with. */
  readonly settings: ReadonlyMap<string, string>;
}

interface Source {
  readonly catalog: Catalog;
  /** By attributeKey. */
  readonly statistics: ReadonlyMap<string, ColumnStatistics>;
  readonly database: string;
}

/**
 * Takes over row-level security where somebody is subject to it, and gives the view of that role; null where nobody
 * is. The application is taken to have the roles that the reading role is a member of. Where that is none and a
 * table's policies differ between roles, it is not planned, nor is one whose policies depend on what only a session
 * of the application knows.
 */
export async function adoptRowSecurity(
  session: Session,
  source: Source,
  problems: Problems,
): Promise<ApplicationView | null> {
  const secured = source.catalog.tables.flatMap((table) =>
    table.rowSecurity?.enforced === true ? [{ table, ...applicable(table.rowSecurity) }] : [],
  );
  if (secured.length === 0) return null;
  const role = applicationRole(source.database);
  const settings = new Map<string, string>();
  for (const { table, policies, doubt } of secured) {
    const reason = doubt ?? unclear(policies, source) ?? learnSettings(table, policies, { ...source, settings });
    if (reason !== null) problems.add(table, `${nameKey(table)} has row-level security, and ${reason}`);
  }
  await session.script(`CREATE ROLE ${quoteIdentifier(role)} NOLOGIN; ${grants(source.catalog, role)}`);
  await runSteps(
    session,
    secured.map(({ table, policies }) => ({
      sql: securitySql(table, policies),
      object: `row-level security of ${nameKey(table)}`,
      spoils: [table],
    })),
    problems,
  );
  return { role, settings };
}

interface Applicable {
  /** Those that hold for the application. */
  readonly policies: readonly Policy[];
  /** Why it is not clear which do, or null. */
  readonly doubt: string | null;
}

function applicable({ policies }: RowSecurity): Applicable {
  const named = policies.filter(({ roles }) => roles.length > 0);
  if (named.some(({ ofReader }) => ofReader === true))
    return { policies: policies.filter(({ roles, ofReader }) => roles.length === 0 || ofReader === true), doubt: null };
  const sets = [...new Set(named.map(({ roles }) => roles.join(', ')))];
  if (sets.length < 2) return { policies, doubt: null };
  const doubt = `its policies are for different roles (${sets.join('; ')}): read it as a member of those that the application has`;
  return { policies, doubt };
}

/** Makes a planning session see what the application sees. */
export async function adoptView(session: Session, { role, settings }: ApplicationView): Promise<void> {
  await session.script(`GRANT SELECT ON pg_temp.planned_statement TO ${quoteIdentifier(role)}`);
  for (const [name, value] of settings)
    await session.query('SELECT pg_catalog.set_config($1, $2, false)', [name, value]);
}

/** Drops the role of a twin database that is gone already. */
export async function dropApplicationRole(maintenance: Session, database: string): Promise<void> {
  await maintenance.query(`DROP ROLE IF EXISTS ${quoteIdentifier(applicationRole(database))}`);
}

/** Roles belong to the whole server, on which several twins may be. */
function applicationRole(database: string): string {
  return `${database}_application`;
}

/** Gives why it is not clear what the policies let through, or null. */
function unclear(policies: readonly Policy[], { catalog }: Source): string | null {
  const text = textOf(policies);
  if (/\b(current_user|session_user|current_role)\b/i.test(text)) return 'its policies ask for the name of the role';
  const functions = (catalog.objects ?? []).filter(asksSession).map(({ name }) => name);
  const called = functions.find((name) => new RegExp(`\\b${name}\\(`).test(text));
  return called === undefined
    ? null
    : `its policies call ${called}, which asks for what only the application's sessions know`;
}

function textOf(policies: readonly Policy[]): string {
  return policies.map(({ using, check }) => `${using ?? ''} ${check ?? ''}`).join(' ');
}

function asksSession({ kind, definition }: SchemaObject): boolean {
  return kind === 'function' && /\b(current_setting|current_user|session_user)\b/i.test(definition ?? '');
}

/** `tenant_id = (current_setting('app.tenant'::text, true))::integer`, either way round. */
const COMPARED = /(?:(\w+)|"([^"]+)")\)?(?:::[\w ]+)? = \(*(?:NULLIF\()?\(*current_setting\('([^']+)'/g;
const ASKED = /current_setting\('([^']+)'/g;

/** Finds a value for each setting that the policies ask for; gives the reason where there is none, or null. */
function learnSettings(
  table: Table,
  policies: readonly Policy[],
  { statistics, settings }: Source & { readonly settings: Map<string, string> },
): string | null {
  const text = textOf(policies);
  for (const [, plain, quoted, setting] of text.matchAll(COMPARED)) {
    const column = plain ?? quoted ?? '';
    const value = ordinaryValue(statistics.get(attributeKey(table.schema, table.name, column)));
    if (value !== null && setting !== undefined && !settings.has(setting)) settings.set(setting, value);
  }
  const unknown = [...text.matchAll(ASKED)]
    .map(([, setting]) => setting ?? '')
    .find((setting) => !settings.has(setting));
  return unknown === undefined ? null : `no value is known for the setting ${unknown} that its policies ask for`;
}

/** Gives a value that is as frequent as most: one of the middle. */
function ordinaryValue(statistics: ColumnStatistics | undefined): string | null {
  const literal = statistics?.histogramBounds ?? statistics?.mostCommonValues ?? null;
  const values = literal === null ? [] : parseArrayLiteral(literal);
  return values[values.length >> 1] ?? null;
}

function grants(catalog: Catalog, role: string): string {
  const to = quoteIdentifier(role);
  const schemas = catalog.schemas.map(quoteIdentifier).join(', ');
  if (schemas === '') return '';
  return `GRANT USAGE ON SCHEMA ${schemas} TO ${to}; GRANT ALL ON ALL TABLES IN SCHEMA ${schemas} TO ${to};
    GRANT ALL ON ALL SEQUENCES IN SCHEMA ${schemas} TO ${to}`;
}

function securitySql(table: Table, policies: readonly Policy[]): string {
  const name = quoteRelation(table);
  return [`ALTER TABLE ${name} ENABLE ROW LEVEL SECURITY`, ...policies.map((policy) => policySql(name, policy))].join(
    ';\n',
  );
}

/** Those that hold for the application are for whoever plans. */
function policySql(table: string, { name, permissive, command, using, check }: Policy): string {
  const kind = permissive ? 'PERMISSIVE' : 'RESTRICTIVE';
  return [
    `CREATE POLICY ${quoteIdentifier(name)} ON ${table} AS ${kind} FOR ${command.toUpperCase()}`,
    using === null ? '' : ` USING (${using})`,
    check === null ? '' : ` WITH CHECK (${check})`,
  ].join('');
}
