import { expect, it } from 'vitest';
import { analyzeStatement } from '../../../src/sql/analysis/analyze.js';
import { parseStatement } from '../../../src/sql/parse.js';
import { catalogOf } from '../../catalog.js';

const catalog = catalogOf({
  samples: ['id bigint', 'at timestamp', 'value numeric', 'low numeric', 'high numeric', 'flags integer', 'ok boolean'],
  others: ['id bigint', 'low numeric'],
});

function untold(condition: string, from = 'samples s'): readonly string[] {
  const { scans } = analyzeStatement(parseStatement(`SELECT s.id FROM ${from} WHERE ${condition}`).tree, catalog);
  return scans.flatMap((scan) => scan.untold);
}

it('compares columns of a row in an OR, or what is made of them', () => {
  expect(untold('s.value < s.low OR s.value > high')).toEqual(['value < low OR value > high']);
  expect(untold('value > high * 1.1')).toEqual(['value > (high * 1.1)']);
  expect(untold('value NOT BETWEEN low AND high')).toEqual(['value NOT BETWEEN low AND high']);
  expect(untold('value IS DISTINCT FROM low')).toEqual(['value IS DISTINCT FROM low']);
  expect(untold('NOT (low <= value AND (ok OR high IS NULL))')).toEqual([
    'NOT (low <= value AND (ok OR high IS NULL))',
  ]);
});

it('asks for bits, or for all that an expression is not', () => {
  expect(untold('flags & 8 <> 0')).toEqual(['(flags & 8) <> 0']);
  expect(untold('flags & 8 > 0 OR flags & 16 = 16')).toEqual(['(flags & 8) > 0 OR (flags & 16) = 16']);
  expect(untold('abs(value) <> 1')).toEqual(['abs(value) <> 1']);
});

it('is none that the next run changes', () => {
  expect(untold('flags & $1 <> 0')).toEqual([]);
  expect(untold('value < low OR value > $1')).toEqual([]);
  expect(untold("value < low OR at > '2026-01-01'")).toEqual([]);
  expect(untold("value > high OR at + value * interval '1 day' < now()")).toEqual([]);
  expect(untold('abs(value) > 7')).toEqual([]);
});

it('is none that statistics or two columns alone tell of', () => {
  expect(untold('value <> 7 OR low IS NULL')).toEqual([]);
  expect(untold('ok OR low IS NULL')).toEqual([]);
  expect(untold('value < low')).toEqual([]);
});

it('is none of two tables, and none with a subquery', () => {
  expect(untold('s.value < o.low OR s.value > s.high', 'samples s JOIN others o ON o.id = s.id')).toEqual([]);
  expect(untold('value < low OR id IN (SELECT o.id FROM others o)')).toEqual([]);
});
