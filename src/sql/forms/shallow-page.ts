import { deparseStatement } from '../deparse.js';
import { parseStatement } from '../parse.js';
import { bodyOf, visit } from '../walk.js';

const ROWS_SKIPPED = 1;
const ROWS_GIVEN = 3;

/**
 * Writes a statement with pages that skip a row at most and give few, so that a handful of rows has some to show. Queries
 * that UNION and the like put together give as many as such a page has and skips.
 */
export function shallowPage(sql: string): string {
  const { tree } = parseStatement(sql);
  const arms = new Set<object>();
  visit(tree, (_, body) => {
    const { limitOffset, limitCount, larg, rarg } = body as Partial<Record<string, object>>;
    for (const arm of [larg, rarg]) if (arm !== undefined) arms.add(arm);
    const given = arms.has(body) ? ROWS_SKIPPED + ROWS_GIVEN : ROWS_GIVEN;
    for (const [count, most] of [[limitOffset, ROWS_SKIPPED] as const, [limitCount, given] as const]) {
      const number = count === undefined ? undefined : bodyOf(count as never, 'A_Const')?.ival;
      if (number?.ival !== undefined && number.ival > most) number.ival = most;
    }
    return true;
  });
  return deparseStatement(tree) ?? sql;
}
