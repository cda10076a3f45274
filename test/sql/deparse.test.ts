import { expect, it } from 'vitest';
import { deparseStatement } from '../../src/sql/deparse.js';
import { parseStatement } from '../../src/sql/parse.js';

it('writes nothing that is no SQL, whatever the deparser makes of a tree', () => {
  const joined = 'orders o LEFT JOIN LATERAL (SELECT count(*) > 1 AS several FROM items i) x ON true';
  const { tree } = parseStatement(`UPDATE customers SET is_known = EXISTS (SELECT 1 FROM ${joined} WHERE x.several)`);
  const written = deparseStatement(tree);
  expect(written === null || parseStatement(written)).toBeTruthy();
  expect(deparseStatement(parseStatement(`SELECT 1 FROM ${joined}`).tree)).toContain('AS several');
});

it('leaves no ties out', () => {
  const written = deparseStatement(
    parseStatement('SELECT id FROM orders ORDER BY state FETCH FIRST 1 ROW WITH TIES').tree,
  );
  expect(written === null || /WITH TIES/.test(written)).toBe(true);
});
