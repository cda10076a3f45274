import { expect, it } from 'vitest';
import { searchedMember, searchedText } from '../../src/advise/searched-values.js';

it('a pattern is a prefix of a value, the longer the rarer, or a piece of its longest word', () => {
  const value = 'The 100%_certain answer';
  const like = { operator: '~~' };
  expect([0, 1, 2].map((place) => searchedText(value, like, place))).toEqual(['The%', 'The 10%', 'The 100ce%']);
  expect(searchedText(value, { operator: '^@' }, 0)).toBe('The');
  expect(searchedText(value, { operator: '~~*' }, 0)).toBe('%ertai%');
  expect(searchedText(value, { operator: '~~* ANY' }, 0)).toBe('%ertai%');
  expect(searchedText(value, { operator: '~*' }, 0)).toBe('ertai');
  expect(searchedText(value, { operator: '~~', isPart: true }, 0)).toBe('ertai');
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
