import { expect, it } from 'vitest';
import { quoteIdentifier, quoteLiteral, quoteRelation } from '../../src/sql/quote.js';
import { testDatabase } from '../postgres.js';

it('quotes names just as the server does, all of its keywords included', async () => {
  const { session } = await testDatabase();
  const { rows } = await session.query<{ word: string; quoted: string }>(
    `SELECT word, quote_ident(word) AS quoted FROM (
       SELECT word FROM pg_get_keywords() UNION ALL
       SELECT unnest($1::text[])) AS words (word)`,
    [['plain', 'Mixed', 'a b', '1a', 'a$b', '_x9', 'say "x"', 'ünï', '', 'a-b', 'tab\tle']],
  );
  expect(rows.length).toBeGreaterThan(400);
  expect(rows.filter(({ word, quoted }) => quoteIdentifier(word) !== quoted)).toEqual([]);
  expect(quoteRelation({ schema: 'public', name: 'order' })).toBe('public."order"');
});

it('quotes texts so that the server reads them back under either setting of standard_conforming_strings', async () => {
  const { session } = await testDatabase();
  for (const text of ['', "it's", '\\', "\\'; drop", 'é😀\n', "''"]) {
    for (const setting of ['on', 'off']) {
      await session.query(`SET standard_conforming_strings = ${setting}`);
      const { rows } = await session.query<{ text: string }>(`SELECT${quoteLiteral(text)} AS text`);
      expect(rows[0]?.text).toBe(text);
    }
  }
});
