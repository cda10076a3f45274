import { needlessDistinct } from '../../src/advisors/needless-distinct.js';
import { checkStatementCases } from './statements/check-statement-cases.js';

checkStatementCases(needlessDistinct, [
  {
    name: 'finds DISTINCT of a key',
    sql: 'SELECT DISTINCT id, state, cents, placed_at, shipped_at FROM orders',
    finds: [''],
  },
  {
    name: 'finds UNION of queries that a constant tells apart',
    sql: `SELECT 'o' AS kind, id, cents, state FROM orders UNION SELECT 'p', id, weight, city FROM parcels`,
    finds: [''],
  },
  {
    name: 'finds windows of whose rows one is kept for each part',
    sql: `SELECT DISTINCT customer_id, count(*) OVER (PARTITION BY customer_id) AS orders, max(placed_at) OVER (PARTITION BY customer_id) AS last FROM orders`,
    finds: ['windows'],
  },
  {
    name: 'finds a count of different keys',
    sql: 'SELECT city, count(DISTINCT id) FROM parcels GROUP BY city',
    finds: [''],
  },
  {
    name: 'is silent where a join multiplies',
    sql: 'SELECT DISTINCT o.id, o.state FROM orders o JOIN order_lines l ON l.order_id = o.id',
    finds: [],
  },
  { name: 'is silent where a part of a key is given', sql: 'SELECT DISTINCT order_id FROM order_lines', finds: [] },
  {
    name: 'is silent about a key that may be missing',
    sql: 'SELECT DISTINCT o.id FROM customers c LEFT JOIN orders o ON o.customer_id = c.id',
    finds: [],
  },
  {
    name: 'is silent about a condition of an outer join',
    sql: 'SELECT DISTINCT o.id FROM orders o LEFT JOIN visits v ON v.id = o.cents LEFT JOIN shops s ON s.id = v.shop_id AND o.cents = 3, parcels p WHERE p.weight = o.cents',
    finds: [],
  },
  {
    name: 'is silent about UNION of what may be equal',
    sql: 'SELECT id FROM orders UNION SELECT id FROM parcels',
    finds: [],
  },
  {
    name: 'is silent about UNION whose arms repeat rows',
    sql: `SELECT 'a' AS kind, city FROM parcels UNION SELECT 'b', city FROM parcels`,
    finds: [],
  },
  {
    name: 'is silent about a count of different keys that a join multiplies',
    sql: 'SELECT c.country, count(DISTINCT c.id) FROM customers c JOIN orders o ON o.customer_id = c.id GROUP BY c.country',
    finds: [],
  },
  {
    name: 'is silent about a function that gives several rows',
    sql: 'SELECT DISTINCT id, generate_series(1, 2) / 2 FROM parcels',
    finds: [],
  },
]);
