import type { SelectStmt } from '@pgsql/types';

/** What is wanted to be put together: without equal rows, with them, or in either way. */
type UnionKind = 'distinct' | 'all' | 'any';

/**
 * Gives the queries that UNIONs of one kind put together, from the left. Null for anything else, and where some of them are
 * put together by themselves to be ordered or cut, or have WITH queries of their own.
 */
export function unionArms({ op, all = false, larg, rarg }: SelectStmt, kind: UnionKind): readonly SelectStmt[] | null {
  const isOfKind = kind === 'any' || all === (kind === 'all');
  if (op !== 'SETOP_UNION' || !isOfKind || larg === undefined || rarg === undefined) return null;
  const arms = [larg, rarg].map((arm) => {
    if (arm.larg === undefined) return [arm];
    return isByItself(arm) ? null : unionArms(arm, kind);
  });
  return arms.includes(null) ? null : arms.flatMap((arm) => arm ?? []);
}

/** Tells whether a query is more than what it reads and puts together. */
export function isByItself({ sortClause, limitCount, limitOffset, lockingClause, withClause }: SelectStmt): boolean {
  return [sortClause, limitCount, limitOffset, lockingClause, withClause].some((clause) => clause !== undefined);
}
