import { expect, it } from 'vitest';
import { conjunctsOf } from '../../src/sql/conjuncts.js';

const tests = (condition: string | null) =>
  conjunctsOf(condition).map(({ column, kind, values }) => [column, kind, values]);

it.each([
  ["(status = 'online'::text)", [['status', 'equality', ['online']]]],
  ["((name)::text = 'it''s'::text)", [['name', 'equality', ["it's"]]]],
  [
    "((name)::text = ANY ((ARRAY['a'::character varying, 'b'::character varying])::text[]))",
    [['name', 'equality', ['a', 'b']]],
  ],
  ["((a = 0) OR (a = '-1'::integer) OR (a IS NULL))", [['a', 'equality', ['0', '-1']]]],
  [
    '((a > 5) AND (b IS NOT NULL) AND (c IS NULL))',
    [
      ['a', 'range', null],
      ['b', 'not null', null],
      ['c', 'null', null],
    ],
  ],
  ['("Odd col" < 1.5)', [['Odd col', 'range', null]]],
  ['((a = 1) OR (b = 2))', [[null, 'other', null]]],
  ['((a = 1) OR (a > 5))', [[null, 'other', null]]],
  ["(lower(s) = 'x'::text)", [[null, 'other', null]]],
  ['(a = b)', [[null, 'other', null]]],
  ['(t.status = ANY (\'{a,"b c"}\'::text[]))', [['status', 'equality', ['a', 'b c']]]],
  ["status IN ('a', 'b')", [['status', 'equality', ['a', 'b']]]],
  ["status NOT IN ('a', 'b')", [[null, 'other', null]]],
  ['(NOT flag)', [['flag', 'equality', ['false']]]],
  ['(flag IS TRUE)', [['flag', 'equality', ['true']]]],
  ['(flag IS NOT TRUE)', [[null, 'other', null]]],
  ['(flag = true)', [['flag', 'equality', ['true']]]],
  ['(NOT (a = 1))', [[null, 'other', null]]],
  ['flag', [['flag', 'equality', ['true']]]],
  ['(a <> 1)', [[null, 'other', null]]],
  ['(a = NULL::integer)', [[null, 'other', null]]],
])('reads %s', (condition, expected) => {
  expect(tests(condition)).toEqual(expected);
});

it('gives the same text for the same condition wherever it stands', () => {
  const [alone] = conjunctsOf('(b = ANY (ARRAY[1, 2]))');
  const [, behind] = conjunctsOf('((a > 1) AND (b = ANY (ARRAY[1, 2])))');
  expect(behind?.canonical).toBe(alone?.canonical);
  expect(conjunctsOf('(b = ANY (ARRAY[1, 3]))')[0]?.canonical).not.toBe(alone?.canonical);
});

it('takes what the parser does not know for one condition', () => {
  expect(tests('(a IS OF THE FUTURE)')).toEqual([[null, 'other', null]]);
});

it('has no condition where there is none', () => {
  expect(conjunctsOf(null)).toEqual([]);
});
