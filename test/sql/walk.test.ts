import { expect, it } from 'vitest';
import { parseStatement } from '../../src/sql/parse.js';
import { bodyOf, visit } from '../../src/sql/walk.js';

it('visits every node, parents first, and names those that the parser leaves without a kind', () => {
  const { tree } = parseStatement('insert into t as x (a) select b::int from u join v on true union select 2');
  const kinds: string[] = [];
  visit(tree, (kind) => kinds.push(kind));
  expect(kinds.slice(0, 4)).toEqual(['InsertStmt', 'RangeVar', 'Alias', 'ResTarget']);
  expect(kinds.filter((kind) => kind === 'SelectStmt')).toHaveLength(3);
  expect(kinds.filter((kind) => kind === 'RangeVar')).toHaveLength(3);
  expect(kinds).toContain('TypeName');
});

it('passes by the children of a node for which the visitor gives false', () => {
  const { tree } = parseStatement('select a from t where exists (select b from u)');
  const tables: unknown[] = [];
  visit(tree, (kind, body) => {
    if (kind === 'RangeVar') tables.push(body['relname']);
    return kind !== 'SubLink';
  });
  expect(tables).toEqual(['t']);
});

it('gives the path from the root to a node', () => {
  const { tree } = parseStatement('select $1');
  let found: unknown;
  visit(tree, (kind, _body, path) => {
    if (kind === 'ParamRef') found = [...path];
  });
  expect(found).toEqual(['SelectStmt', 'targetList', 0, 'ResTarget', 'val', 'ParamRef']);
  expect(bodyOf(tree, 'SelectStmt')?.targetList).toHaveLength(1);
  expect(bodyOf(tree, 'InsertStmt')).toBeNull();
});
