import { expect, it } from 'vitest';
import { deparseStatement } from '../../src/sql/deparse.js';
import { parseStatement } from '../../src/sql/parse.js';
import { bodyOf, visit } from '../../src/sql/walk.js';

it('writes nothing that is no SQL, whatever the deparser makes of a tree', () => {
  const joined = 'orders o LEFT JOIN LATERAL (SELECT count(*) > 1 AS several FROM items i) x ON true';
  const { tree } = parseStatement(`UPDATE customers SET is_known = EXISTS (SELECT 1 FROM ${joined} WHERE x.several)`);
  const written = deparseStatement(tree);
  expect(written === null || parseStatement(written)).toBeTruthy();
  expect(written).toContain('AS several');
  expect(deparseStatement(parseStatement(`SELECT 1 FROM ${joined}`).tree)).toContain('AS several');
});

it('leaves no ties out', () => {
  const written = deparseStatement(
    parseStatement('SELECT id FROM orders ORDER BY state FETCH FIRST 1 ROW WITH TIES').tree,
  );
  expect(written === null || /WITH TIES/.test(written)).toBe(true);
});

it('leaves no DISTINCT of groups out', () => {
  const written = deparseStatement(parseStatement('SELECT a FROM t GROUP BY DISTINCT a, ROLLUP (b)').tree);
  expect(written === null || /BY DISTINCT/.test(written)).toBe(true);
});

it.each([
  ['(NOT a) IS NULL', 'NullTest'],
  ['(NOT (a AND b)) IS NOT TRUE', 'BooleanTest'],
  ['(a OR b) IS NOT NULL', 'NullTest'],
  ['(a AND b) IS NOT TRUE', 'BooleanTest'],
  ['a AT TIME ZONE (b || c)', 'FuncCall'],
])('writes %s so that it says the same', (expression, kind) => {
  const written = deparseStatement(parseStatement(`SELECT ${expression} AS x`).tree) ?? '';
  const outermost: string[] = [];
  visit(bodyOf(parseStatement(written).tree, 'SelectStmt')?.targetList?.[0], (each) => outermost.push(each));
  expect(outermost[1]).toBe(kind);
});
