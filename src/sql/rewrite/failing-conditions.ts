import type { Node, SelectStmt } from '@pgsql/types';
import { bodyOf, visit } from '../walk.js';
import { referencesIn } from './nodes.js';

/**
 * Tells whether a statement asks something of columns that fails on some values, other than within one of its queries: a
 * cast, a division, a function that does not take every value. As far as names tell.
 */
export function conditionsMayFail(tree: Node, except: SelectStmt): boolean {
  let found = false;
  visit(tree, (kind, body) => {
    if (body === except) return false;
    const { whereClause, havingClause, quals } = body;
    found ||= [whereClause, havingClause, kind === 'JoinExpr' ? quals : undefined].some(mayFail);
    return !found;
  });
  return found;
}

const PARTIAL_OPERATORS = ['/', '%', '^', '|/'];
const PARTIAL_FUNCTIONS =
  /^(to_(date|timestamp|number)|sqrt|ln|log|power|div|mod|jsonb?_(array|each|object|populate|to_record).*)$/;
const TEXTS = ['text', 'varchar', 'bpchar', 'name'];

/** Tells whether an expression over columns fails on some of their values. */
export function mayFail(condition: unknown): boolean {
  let found = false;
  visit(condition, (kind, body) => {
    if (kind === 'TypeCast') {
      const { names } = (body['typeName'] ?? {}) as { readonly names?: readonly Node[] };
      found ||= referencesIn(body['arg']).length > 0 && !TEXTS.includes(lastOf(names));
    }
    if (kind === 'A_Expr')
      found ||= PARTIAL_OPERATORS.includes(lastOf(body['name'])) && referencesIn(body['rexpr']).length > 0;
    if (kind === 'FuncCall') found ||= PARTIAL_FUNCTIONS.test(lastOf(body['funcname']));
    return !found;
  });
  return found;
}

function lastOf(names: unknown): string {
  return Array.isArray(names) ? (bodyOf(names.at(-1) as Node, 'String')?.sval ?? '') : '';
}
