import { describe, expect, it } from 'vitest';
import { drawnByLot } from '../../../src/sql/forms/drawn-by-lot.js';

function drawn(sql: string): string | null {
  return drawnByLot(sql)?.replace(/\s+/g, ' ') ?? null;
}

describe('a lot drawn where an order leaves rows equal', () => {
  it.each([
    ['SELECT id FROM orders ORDER BY state', 'SELECT id FROM orders ORDER BY state, random()'],
    ['SELECT id FROM orders LIMIT 2', 'SELECT id FROM orders ORDER BY random() LIMIT 2'],
    [
      'SELECT DISTINCT ON (customer) customer, state FROM orders',
      'SELECT DISTINCT ON (customer) customer, state FROM orders ORDER BY customer, random()',
    ],
    [
      'SELECT DISTINCT o.state FROM orders o ORDER BY o.state DESC LIMIT 2',
      'SELECT * FROM ( SELECT DISTINCT o.state FROM orders AS o ) AS drawn ORDER BY state DESC, random() LIMIT 2',
    ],
    [
      'SELECT id FROM orders UNION SELECT id FROM items LIMIT 1',
      'SELECT * FROM ( SELECT id FROM orders UNION SELECT id FROM items ) AS drawn ORDER BY random() LIMIT 1',
    ],
    [
      'SELECT c.id, (SELECT o.id FROM orders o WHERE o.customer = c.id ORDER BY o.placed LIMIT 1) FROM customers c',
      'SELECT c.id, (SELECT o.id FROM orders AS o WHERE o.customer = c.id ORDER BY o.placed, random() LIMIT 1) FROM customers AS c',
    ],
    [
      'SELECT row_number() OVER (ORDER BY placed), rank() OVER (ORDER BY placed) FROM orders',
      'SELECT row_number() OVER (ORDER BY placed, random()), rank() OVER (ORDER BY placed) FROM orders',
    ],
  ])('is written into %s', (sql, expected) => {
    expect(drawn(sql)).toBe(expected);
  });

  it.each([
    'SELECT id FROM orders',
    'SELECT sum(amount) FROM (SELECT amount FROM orders ORDER BY placed) o',
    // Rows equal to the last come with it, and those of an order below are taken to be in it.
    'SELECT id FROM orders ORDER BY state FETCH FIRST 2 ROWS WITH TIES',
    'SELECT id FROM (SELECT id FROM orders ORDER BY placed) o LIMIT 2',
    // Sums up to a row take in all rows that are equal to it.
    'SELECT sum(amount) OVER (ORDER BY placed) FROM orders',
  ])('is not written into %s', (sql) => {
    expect(drawn(sql)).toBeNull();
  });
});
