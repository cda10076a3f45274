import { expect, it } from 'vitest';
import { commonLength, searchedMember, searchedText } from '../../src/advise/searched-values.js';

it('a pattern is a prefix of a value behind what all begin with, or a piece of its longest word', () => {
  const value = 'The 100%_certain answer';
  const first = { place: 0, common: 0 };
  const like = { operator: '~~' };
  expect([0, 1, 2].map((place) => searchedText(value, like, { place, common: 1 }))).toEqual([
    'The%',
    'The 1%',
    'The 100%',
  ]);
  expect(searchedText(value, { operator: '^@' }, first)).toBe('Th');
  expect(searchedText(value, { operator: '~~*' }, first)).toBe('%ertai%');
  expect(searchedText(value, { operator: '~~* ANY' }, first)).toBe('%ertai%');
  expect(searchedText(value, { operator: '~*' }, first)).toBe('ertai');
  expect(searchedText(value, { operator: '~~', isPart: true }, first)).toBe('ertai');
});

it('texts begin alike up to their first difference', () => {
  expect([commonLength('slug-1', 'slug-99'), commonLength('a', 'b'), commonLength('ab', 'ab')]).toEqual([5, 0, 2]);
});

it('a document is searched for one of its members, in turn, and never for all of it', () => {
  const document = '{"kind": "a", "inner": {"x": 1}, "n": 7}';
  expect([0, 1, 2].map((place) => searchedMember(document, '@>', place))).toEqual([
    '{"kind":"a"}',
    '{"n":7}',
    '{"kind":"a"}',
  ]);
  expect(searchedMember(document, '?', 1)).toBe('n');
  expect(searchedMember(document, '?|', 1)).toEqual(['n']);
  expect(searchedMember('[1, 2]', '@>', 0)).toBeNull();
  expect(searchedMember('no document', '@>', 0)).toBeNull();
});
