import type { Node } from '@pgsql/types';
import { visit } from '../sql/walk.js';

/**
 * Gives the numbers of parameters that stand for LIMIT 1 in all likelihood: a scalar subquery may give one row alone,
 * and a LATERAL one mostly looks for the latest.
 */
export function singleRowLimits(tree: Node): ReadonlySet<number> {
  const numbers = new Set<number>();
  visit(tree, (kind, body) => {
    const isScalar = kind === 'SubLink' && body['subLinkType'] === 'EXPR_SUBLINK';
    const isLateral = kind === 'RangeSubselect' && body['lateral'] === true;
    const query = isScalar ? body['subselect'] : isLateral ? body['subquery'] : undefined;
    const number = limitNumber(query as Node | undefined);
    if (number !== null) numbers.add(number);
  });
  return numbers;
}

function limitNumber(query: Node | undefined): number | null {
  const limit = query !== undefined && 'SelectStmt' in query ? query.SelectStmt.limitCount : undefined;
  const bare = limit !== undefined && 'TypeCast' in limit ? limit.TypeCast.arg : limit;
  return bare !== undefined && 'ParamRef' in bare ? (bare.ParamRef.number ?? null) : null;
}
