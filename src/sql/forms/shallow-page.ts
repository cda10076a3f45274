import { deparseStatement } from '../deparse.js';
import { parseStatement } from '../parse.js';
import { bodyOf, visit } from '../walk.js';

const ROWS_SKIPPED = 1;
const ROWS_GIVEN = 3;

/** Writes a statement with pages that skip a row at most and give few, so that a handful of rows has some to show. */
export function shallowPage(sql: string): string {
  const { tree } = parseStatement(sql);
  visit(tree, (_, body) => {
    const { limitOffset, limitCount } = body as { limitOffset?: object; limitCount?: object };
    for (const [count, most] of [[limitOffset, ROWS_SKIPPED] as const, [limitCount, ROWS_GIVEN] as const]) {
      const number = count === undefined ? undefined : bodyOf(count as never, 'A_Const')?.ival;
      if (number?.ival !== undefined && number.ival > most) number.ival = most;
    }
    return true;
  });
  return deparseStatement(tree) ?? sql;
}
