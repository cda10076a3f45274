import { expect, it } from 'vitest';
import { withoutSoleIn } from '../../src/sql/sole-in.js';

it('writes a list of one parameter as the parameter, and leaves all other lists', () => {
  const written = (condition: string) =>
    withoutSoleIn(`SELECT 1 FROM t WHERE ${condition}`).slice('SELECT 1 FROM t WHERE '.length);
  expect(written('a in ($1)')).toBe('a = $1');
  expect(written('"in" IN ( $12 /* one */ ) AND b IN ($2)')).toBe('"in" = $12 AND b = $2');
  for (const kept of ['a NOT IN ($1)', 'a IN ($1, $2)', 'a IN (5)', 'a IN (SELECT $1)', "a = 'in ($1)'"])
    expect(written(kept)).toBe(kept);
});
