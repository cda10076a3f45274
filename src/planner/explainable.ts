import type { Session } from '../postgres/session.js';
import { parseStatement } from '../sql/parse.js';

/** What is written behind EXPLAIN to plan a statement without running it. */
export interface Explainable {
  readonly sql: string;
  /** More EXPLAIN options, each after a comma. */
  readonly options: string;
}

/** First major that explains statements with $n as they stand, over the simple protocol alone. */
const GENERIC_PLAN_MAJOR = 16;

/**
 * Makes a statement explainable under its generic plan where it has $n without values: as it stands since 16, before
 * as a prepared statement of this name, for which the session is to have plan_cache_mode = force_generic_plan.
 * A ParseFailure or the server's error says why it is none.
 */
export async function explainable(
  session: Session,
  request: { readonly statement: string; readonly major: number; readonly name: string },
): Promise<Explainable> {
  const { text } = parseStatement(request.statement);
  if (!/\$\d/.test(text)) return { sql: text, options: '' };
  if (request.major >= GENERIC_PLAN_MAJOR) return { sql: text, options: ', GENERIC_PLAN' };
  const types = await prepare(session, request.name, text);
  const nulls = types.length === 0 ? '' : `(${types.map(() => 'NULL').join(', ')})`;
  return { sql: `EXECUTE ${request.name}${nulls}`, options: '' };
}

/** Gives the types of $1, $2 … as the server resolves them. */
export async function parameterTypes(session: Session, statement: string): Promise<readonly string[]> {
  const { text } = parseStatement(statement);
  const types = await prepare(session, 'described_statement', text);
  await session.query('DEALLOCATE described_statement');
  return types;
}

async function prepare(session: Session, name: string, text: string): Promise<readonly string[]> {
  await session.query(`PREPARE ${name} AS ${text}`);
  const { rows } = await session.query<{ types: readonly string[] }>(
    'SELECT p.parameter_types::text[] AS types FROM pg_catalog.pg_prepared_statements p WHERE p.name = $1',
    [name],
  );
  return rows[0]?.types ?? [];
}
