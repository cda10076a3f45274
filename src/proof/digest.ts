import type { InsertStmt, RangeVar } from '@pgsql/types';
import { deparseStatement } from '../sql/deparse.js';
import { parseStatement } from '../sql/parse.js';
import { quoteIdentifier } from '../sql/quote.js';
import { bodyOf } from '../sql/walk.js';

/**
 * Gives a query whose one value is the same for the same rows in whatever order: those that a statement gives, those that
 * it leaves in its table or takes from it. Null for what writes otherwise than by UPDATE, DELETE or INSERT of a query.
 */
export function digestSql(sql: string): string | null {
  const { tree, text } = parseStatement(sql);
  if (bodyOf(tree, 'SelectStmt') !== null) return `SELECT ${DIGEST} FROM (${text}) AS each`;
  const insert = bodyOf(tree, 'InsertStmt');
  if (insert !== null) return digestOfInserted(insert);
  const change = bodyOf(tree, 'UpdateStmt') ?? bodyOf(tree, 'DeleteStmt');
  if (change?.relation === undefined) return null;
  const written = `${quoteIdentifier(nameOf(change.relation))}.*`;
  const returning = change.returningClause === undefined ? `RETURNING ${written}` : `, ${written}`;
  return `WITH each AS (${text} ${returning}) SELECT ${DIGEST} FROM each`;
}

const DIGEST = "pg_catalog.concat(count(*), ' ', sum(pg_catalog.hashtextextended(each::text, 0)::numeric)) AS digest";

/** What a sequence adds to a row is another value at every run, so that the query's rows are compared, not the table's. */
function digestOfInserted({ selectStmt, withClause }: InsertStmt): string | null {
  const select = bodyOf(selectStmt, 'SelectStmt');
  if (select === null || (withClause !== undefined && select.withClause !== undefined)) return null;
  const query = deparseStatement({ SelectStmt: { ...select, ...(withClause === undefined ? {} : { withClause }) } });
  return query === null ? null : `SELECT ${DIGEST} FROM (${query}) AS each`;
}

function nameOf({ alias, relname }: RangeVar): string {
  return alias?.aliasname ?? relname ?? '';
}
