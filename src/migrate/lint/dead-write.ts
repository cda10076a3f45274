import type { Node } from '@pgsql/types';
import type { Session } from '../../postgres/session.js';
import { quoteIdentifier, quoteRelation } from '../../sql/quote.js';
import { bodyOf } from '../../sql/walk.js';
import type { Standing } from './effects.js';
import type { LintStatement } from './lint-file.js';
import type { LintRelation } from './observation.js';
import { statementErrorOf } from './statement-error.js';

/**
 * Says why an UPDATE or DELETE that met no row never can: the planner refutes its condition from the constraints, or it
 * compares a column that is NULL in every row. Null where neither holds, as for a value that may well be there.
 */
export async function deadReasonOf(
  main: Session,
  statement: LintStatement,
  standing: Standing,
): Promise<string | null> {
  const write = bodyOf(statement.tree, 'UpdateStmt') ?? bodyOf(statement.tree, 'DeleteStmt');
  if (write?.whereClause === undefined) return null;
  const { relname, schemaname } = write.relation ?? {};
  const table = [...standing.relations.values()].find(
    ({ kind, name, schema }) => kind === 'r' && name === relname && (schemaname ?? schema) === schema,
  );
  if (table === undefined || table.sizeBytes === 0) return null;
  if (await isRefuted(main, statement.text)) return 'the constraints of the table rule its condition out';
  return nullColumnReason(main, table, write.whereClause);
}

/** The planner says "One-Time Filter: false" where no row can pass. */
async function isRefuted(main: Session, text: string): Promise<boolean> {
  await main.script('SAVEPOINT pgsteward_explain; SET LOCAL constraint_exclusion = on');
  try {
    const { rows } = await main.query<{ 'QUERY PLAN': unknown }>(`EXPLAIN (FORMAT JSON, COSTS off) ${text}`);
    return JSON.stringify(rows[0]?.['QUERY PLAN']).includes('"One-Time Filter":"false"');
  } catch (thrown) {
    statementErrorOf(thrown);
    return false;
  } finally {
    await main.query('ROLLBACK TO SAVEPOINT pgsteward_explain');
  }
}

async function nullColumnReason(main: Session, table: LintRelation, where: Node): Promise<string | null> {
  const before = new Set([...table.columns.values()].map(({ name }) => name));
  for (const column of comparedColumns(where)) {
    // Of a column that was there before, no seeded row says what production's rows hold.
    if (before.has(column)) continue;
    const filled = await main.query(
      `SELECT FROM ${quoteRelation(table)} WHERE ${quoteIdentifier(column)} IS NOT NULL LIMIT 1`,
    );
    if (filled.rowCount === 0) return `${column} is NULL in every row, and no comparison with NULL holds`;
  }
  return null;
}

/** Columns of which a comparison has to hold for the whole condition to hold. */
function comparedColumns(where: Node): readonly string[] {
  const and = bodyOf(where, 'BoolExpr');
  if (and?.boolop === 'AND_EXPR') return (and.args ?? []).flatMap(comparedColumns);
  const comparison = bodyOf(where, 'A_Expr');
  if (comparison === null || !STRICT.has(comparison.kind ?? '')) return [];
  const column = bodyOf(comparison.lexpr, 'ColumnRef');
  const name = bodyOf(column?.fields?.at(-1), 'String')?.sval;
  return name === undefined ? [] : [name];
}

const STRICT: ReadonlySet<string> = new Set(['AEXPR_OP', 'AEXPR_IN', 'AEXPR_LIKE', 'AEXPR_ILIKE', 'AEXPR_BETWEEN']);
