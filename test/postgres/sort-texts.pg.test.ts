import { expect, it } from 'vitest';
import { sortTexts } from '../../src/postgres/sort-texts.js';
import { testDatabase } from '../postgres.js';

const VALUES = Array.from({ length: 45_000 }, (_, place) => `${'aÄbÖzß -'[place % 8]}${(place * 7919) % 45_001}`);

it('sorts many texts as one statement would, by the collation or the type that is asked for', async () => {
  const { session } = await testDatabase();
  await session.script("CREATE COLLATION german (provider = icu, locale = 'de'); CREATE EXTENSION citext");
  const orders = [
    { type: 'pg_catalog.text', collation: null },
    { type: 'pg_catalog.text', collation: 'german' },
    { type: 'citext', collation: null },
  ];
  for (const order of orders) {
    const collation = order.collation === null ? '' : ` COLLATE ${order.collation}`;
    const whole = await session.queryArrays(
      `SELECT v FROM unnest($1::text[]) AS v ORDER BY v::${order.type}${collation}, v COLLATE "C"`,
      [VALUES],
    );
    const sorted = await sortTexts(session, VALUES, order);
    expect(sorted.length).toBe(VALUES.length);
    expect(sorted.findIndex((value, place) => value !== whole[place]?.[0])).toBe(-1);
  }
  expect(await sortTexts(session, Array(30_000).fill('equal'), { type: 'text', collation: null })).toHaveLength(30_000);
});
