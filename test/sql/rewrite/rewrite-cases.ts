import type { VariantId } from '../../../src/sql/rewrite/variants.js';
import { BEYOND_CASES } from './beyond-cases.js';
import { JOINED_WINDOW_CASES } from './joined-window-cases.js';
import { NATURAL_CASES } from './natural-cases.js';
import { PARTS_CASES } from './parts-cases.js';
import { SPAN_CASES } from './span-cases.js';

/** A statement with the ways in which it can be written otherwise on PostgreSQL 15; none where it must be left alone. */
export interface RewriteCase {
  readonly name: string;
  readonly sql: string;
  readonly variants: readonly VariantId[];
}

/** Statements about the tables of the pairs in test/proof/equivalence. */
export const REWRITE_CASES: readonly RewriteCase[] = [
  {
    name: 'rows that all meet something, by two counts',
    sql: `SELECT c.id FROM customers c WHERE (SELECT count(*) FROM orders o WHERE o.customer = c.id) = (SELECT count(*) FROM orders o WHERE o.customer = c.id AND o.state = 'paid')`,
    variants: ['flatten'],
  },
  {
    name: 'rows some of which do not meet what may be NULL, by two counts, one of another alias',
    sql: `SELECT c.id, (SELECT count(*) FROM orders p WHERE p.discount > 1 AND p.customer = c.id) < (SELECT count(*) FROM orders o WHERE o.customer = c.id) AS some FROM customers c`,
    variants: ['flatten', 'exists-join'],
  },
  {
    name: 'values that are all there, by two counts, one filtered',
    sql: `SELECT c.id FROM customers c WHERE NOT (SELECT count(*) FROM orders WHERE customer = c.id) <> (SELECT count(discount) FILTER (WHERE amount > 1 AND mood = 'calm') FROM orders WHERE customer = c.id)`,
    variants: ['flatten'],
  },
  ...[
    [
      'distinct values',
      `count(DISTINCT o.state) FROM orders o WHERE o.customer = c.id AND o.state IN ('open', 'paid')) = 2`,
    ],
    [
      'distinct values in an array',
      `count(DISTINCT o.state) FROM orders o WHERE o.customer = c.id AND o.state = ANY (ARRAY['open', 'paid'])) >= 2`,
    ],
    ['rows of one each', `count(*) FROM orders o WHERE o.customer = c.id AND (o.id = 1 OR o.id = 2)) > 1`],
    [
      'rows of one each, joined',
      `count(*) FROM orders o JOIN customers d ON d.id = o.customer WHERE d.referrer = c.id AND o.id IN (1, 2)) = 2`,
    ],
  ].map(
    ([rows, count]): RewriteCase => ({
      name: `a row of each of some values, counted by ${rows}`,
      sql: `SELECT c.id FROM customers c WHERE (SELECT ${count}`,
      variants: ['flatten', 'group-join', 'lateral-join'],
    }),
  ),
  ...[
    [
      'values that are one',
      `count(DISTINCT o.state) FROM orders o WHERE o.customer = c.id AND o.state IN ('open', 'open', 'paid')) = 3`,
    ],
    [
      'fewer than all values',
      `count(DISTINCT o.state) FROM orders o WHERE o.customer = c.id AND o.state IN ('open', 'paid')) = 1`,
    ],
    [
      'rows of which a value may have several',
      `count(*) FROM orders o WHERE o.customer = c.id AND o.state IN ('open', 'paid')) = 2`,
    ],
    ['what may be NULL', `count(o.discount) FROM orders o WHERE o.customer = c.id AND o.id IN (1, 2)) = 2`],
    [
      'another column',
      `count(DISTINCT o.amount) FROM orders o WHERE o.customer = c.id AND o.state IN ('open', 'paid')) = 2`,
    ],
    [
      'as many at most',
      `count(DISTINCT o.state) FROM orders o WHERE o.customer = c.id AND o.state IN ('open', 'paid')) <= 2`,
    ],
  ].map(
    ([rows, count]): RewriteCase => ({
      name: `a row of each of some values, not told by a count of ${rows}`,
      sql: `SELECT c.id FROM customers c WHERE (SELECT ${count}`,
      variants: ['group-join', 'lateral-join'],
    }),
  ),
  {
    name: 'two counts of other rows',
    sql: `SELECT c.id FROM customers c WHERE (SELECT count(*) FROM orders o WHERE o.customer = c.id) = (SELECT count(*) FROM orders o WHERE o.customer = c.referrer AND o.state = 'paid')`,
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'two counts, the greater of which is asked not to be less',
    sql: `SELECT c.id FROM customers c WHERE (SELECT count(*) FROM orders o WHERE o.customer = c.id) >= (SELECT count(*) FROM orders o WHERE o.customer = c.id AND o.state = 'paid')`,
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'a sum in the SELECT list',
    sql: 'SELECT c.id, (SELECT sum(o.amount) FROM orders o WHERE o.customer = c.id) FROM customers c',
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'a count with another condition, selected rows',
    sql: `SELECT c.id, (SELECT count(*) FROM orders o WHERE o.customer = c.id AND o.state = 'open') AS n FROM customers c WHERE c.region = 'a'`,
    variants: ['group-join', 'group-join-of-selected', 'lateral-join'],
  },
  {
    name: 'an expression over two aggregates',
    sql: 'SELECT c.id, (SELECT coalesce(sum(o.amount), 0) * count(o.discount) FROM orders o WHERE o.customer = c.id) FROM customers c',
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'two counts of the same rows',
    sql: `SELECT c.*, (SELECT count(*) FROM orders o WHERE o.customer = c.id AND o.state = 'open') AS open,
                 (SELECT count(*) FROM orders o WHERE o.customer = c.id AND o.state = 'paid') AS paid FROM customers c`,
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'the first of an order',
    sql: 'SELECT c.id, (SELECT o.placed FROM orders o WHERE o.customer = c.id ORDER BY o.placed DESC LIMIT 1) AS last FROM customers c',
    variants: ['group-join', 'latest-join', 'lateral-join'],
  },
  {
    name: 'the first of an order that may be NULL',
    sql: 'SELECT c.id, (SELECT o.shipped FROM orders o WHERE o.customer = c.id ORDER BY o.shipped DESC LIMIT 1) AS last FROM customers c',
    variants: ['latest-join', 'lateral-join'],
  },
  {
    name: 'two columns of the first row',
    sql: `SELECT c.id, (SELECT o.state FROM orders o WHERE o.customer = c.id ORDER BY o.placed DESC, o.id LIMIT 1) AS state,
                 (SELECT o.amount FROM orders o WHERE o.customer = c.id ORDER BY o.placed DESC, o.id LIMIT 1) AS amount
            FROM customers c ORDER BY c.id`,
    variants: ['latest-join', 'lateral-join'],
  },
  {
    name: 'a comparison with the average of the same rows',
    sql: `SELECT o.id FROM orders o WHERE o.amount > (SELECT avg(p.amount) FROM orders p WHERE p.state = o.state)`,
    variants: ['group-join', 'lateral-join', 'window'],
  },
  {
    name: 'a comparison with the average of rows that are chosen alike',
    sql: `SELECT * FROM orders o WHERE o.mood = 'calm' AND o.amount > (SELECT avg(p.amount) FROM orders p WHERE p.state = o.state AND p.mood = 'calm')`,
    variants: ['group-join', 'group-join-of-selected', 'lateral-join', 'window'],
  },
  {
    name: 'a row that the primary key finds, two columns of it',
    sql: 'SELECT o.id, (SELECT c.name FROM customers c WHERE c.id = o.customer) AS who, (SELECT d.region FROM customers d WHERE d.id = o.customer) FROM orders o',
    variants: ['lookup-join'],
  },
  {
    name: 'a row that the primary key finds, if it is one of those',
    sql: `SELECT i.note FROM items i WHERE (SELECT o.amount FROM orders o WHERE o.id = i.order_id AND o.state = 'open') > i.price`,
    variants: ['lookup-join'],
  },
  {
    name: 'a row of joined tables, each found by its key, if it is one of those',
    sql: `SELECT i.note FROM items i WHERE (SELECT c.name FROM orders o JOIN customers c ON c.id = o.customer WHERE o.id = i.order_id AND o.amount > 1) = 'a'`,
    variants: ['lookup-join'],
  },
  {
    name: 'rows of tables joined by commas, asked in several ways and shown',
    sql: `SELECT i.note, (SELECT c.name FROM orders o, customers c WHERE c.id = o.customer AND i.order_id = o.id) AS who FROM items i WHERE (SELECT c.region FROM customers c, orders o WHERE o.id = i.order_id AND o.customer = c.id) IS NOT NULL AND (SELECT c.name FROM customers c, orders o WHERE o.id = i.order_id AND o.customer = c.id) LIKE 'a%'`,
    variants: ['lookup-join'],
  },
  {
    name: 'a row of an outer join, each side found by its key',
    sql: 'SELECT i.note, (SELECT coalesce(c.name, o.state) FROM orders o LEFT JOIN customers c ON c.id = o.customer WHERE o.id = i.order_id) AS who FROM items i',
    variants: ['lookup-join'],
  },
  {
    name: 'a row of joined tables of which one is found by no key',
    sql: 'SELECT c.id, (SELECT d.name FROM orders o JOIN customers d ON d.id = o.customer WHERE o.customer = c.id) FROM customers c',
    variants: [],
  },
  {
    name: 'rows of an outer join that are told by a condition of the side that may be missing alone',
    sql: 'SELECT x.id, (SELECT c.name FROM orders o LEFT JOIN customers c ON c.id = o.customer AND o.id = 1 WHERE o.customer = x.id) FROM customers x',
    variants: [],
  },
  {
    name: 'a row that no unique key finds',
    sql: 'SELECT c.id, (SELECT o.id FROM orders o WHERE o.customer = c.id) FROM customers c',
    variants: [],
  },
  {
    name: 'an array of what each key has, in its order',
    sql: 'SELECT c.id, ARRAY(SELECT o.amount FROM orders o WHERE o.customer = c.id ORDER BY o.id) FROM customers c',
    variants: ['group-join'],
  },
  {
    name: 'a correlated = ANY',
    sql: 'SELECT c.id FROM customers c WHERE c.id = ANY (SELECT o.id FROM orders o WHERE o.customer = c.referrer)',
    variants: ['flatten'],
  },
  {
    name: 'a running total',
    sql: 'SELECT o.id, (SELECT sum(p.amount) FROM orders p WHERE p.state = o.state AND p.placed <= o.placed) FROM orders o',
    variants: ['lateral-join', 'window', 'joined-group'],
  },
  {
    name: 'a rank by rows that are greater, of some rows alone',
    sql: `SELECT o.id, 1 + (SELECT count(*) FROM orders p WHERE o.amount < p.amount) AS place FROM orders o WHERE o.state = 'open' AND o.id < 16`,
    variants: ['lateral-join', 'window', 'grouped-parts'],
  },
  {
    name: 'a running total along a column that may be NULL',
    sql: 'SELECT c.id, (SELECT count(*) FROM customers d WHERE d.joined < c.joined) FROM customers c',
    variants: ['lateral-join', 'window', 'grouped-parts'],
  },
  {
    name: 'a running total of fewer rows than those around it',
    sql: `SELECT o.id, (SELECT max(p.amount) FROM orders p WHERE p.id < o.id AND p.state = 'open') FROM orders o`,
    variants: ['lateral-join', 'window'],
  },
  {
    name: 'a comparison by a key that may be NULL',
    sql: 'SELECT c.id FROM customers c WHERE c.credit > (SELECT avg(d.credit) FROM customers d WHERE d.region = c.region)',
    variants: ['group-join', 'lateral-join', 'window'],
  },
  {
    name: 'a share of the average of a part, from a join',
    sql: `SELECT sum(i.price) / 7.0 AS yearly FROM items i, orders o WHERE o.id = i.order_id AND o.state = 'paid'
             AND i.quantity < (SELECT 0.2 * avg(j.quantity) FROM items j WHERE j.product = i.product)`,
    variants: ['group-join', 'group-join-of-selected', 'lateral-join', 'window'],
  },
  {
    name: 'a minimum over a join inside',
    sql: `SELECT i.product, i.order_id FROM items i WHERE i.price = (SELECT min(j.price) FROM items j JOIN orders o ON o.id = j.order_id
             WHERE j.product = i.product AND o.state = 'paid')`,
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'two keys',
    sql: 'SELECT i.note, (SELECT max(j.price) FROM items j WHERE j.order_id = i.order_id AND j.product = i.product) FROM items i',
    variants: ['group-join', 'lateral-join', 'window'],
  },
  {
    name: 'a subquery within an aggregate',
    sql: 'SELECT c.region, sum((SELECT count(*) FROM orders o WHERE o.customer = c.id)) FROM customers c GROUP BY c.region',
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'a subquery of each group',
    sql: 'SELECT o.customer, count(*), (SELECT max(c.credit) FROM customers c WHERE c.id = o.customer) FROM orders o GROUP BY o.customer',
    variants: ['group-join'],
  },
  {
    name: 'a subquery of each group, in HAVING',
    sql: `SELECT o.customer AS who, sum(o.amount) FROM orders o GROUP BY who HAVING sum(o.amount) > (SELECT avg(c.credit) FROM customers c WHERE c.id = o.customer) ORDER BY 1`,
    variants: ['group-join'],
  },
  {
    name: 'EXISTS of a group, in HAVING',
    sql: `SELECT o.customer FROM orders o GROUP BY 1 HAVING count(*) > 1 OR EXISTS (SELECT 1 FROM items i WHERE i.order_id = o.customer AND i.quantity > 3)`,
    variants: ['exists-join'],
  },
  {
    name: 'a subquery of groups by a primary key',
    sql: `SELECT c.id, count(*), (SELECT max(o.amount) FROM orders o WHERE o.customer = c.referrer) FROM customers c LEFT JOIN orders p ON p.customer = c.id GROUP BY c.id`,
    variants: ['group-join'],
  },
  {
    name: 'a subquery of several kinds of groups',
    sql: `SELECT o.customer, count(*), (SELECT max(c.credit) FROM customers c WHERE c.id = o.customer) FROM orders o GROUP BY ROLLUP (o.customer)`,
    variants: [],
  },
  {
    name: 'a subquery of groups, by what is made of their column',
    sql: `SELECT o.customer + 1, (SELECT max(c.credit) FROM customers c WHERE c.id = o.customer + 1) FROM orders o GROUP BY o.customer + 1`,
    variants: [],
  },
  {
    name: 'a subquery within a subquery',
    sql: `SELECT c.id, (SELECT sum(o.amount) FROM orders o WHERE o.customer = c.id AND o.amount >
             (SELECT avg(i.price) FROM items i WHERE i.order_id = o.id)) FROM customers c`,
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'a count that is compared with none',
    sql: 'SELECT c.id FROM customers c WHERE (SELECT count(*) FROM orders o WHERE o.customer = c.id) > 0',
    variants: ['flatten'],
  },
  {
    name: 'a count of a nullable column that is compared with none',
    sql: 'SELECT c.id, 0 = (SELECT count(o.discount) FROM orders o WHERE o.customer = c.id AND o.amount > 5) AS none FROM customers c',
    variants: ['flatten', 'exists-join'],
  },
  {
    name: 'NOT IN without NULL',
    sql: `SELECT id FROM customers WHERE id NOT IN (SELECT i.order_id FROM items i WHERE i.quantity > 3)`,
    variants: ['flatten'],
  },
  {
    name: 'NOT IN that leaves NULL out itself',
    sql: 'SELECT c.id FROM customers c WHERE c.id NOT IN (SELECT o.customer FROM orders o WHERE o.customer IS NOT NULL)',
    variants: ['flatten'],
  },
  {
    name: 'NOT IN of a nullable column',
    sql: 'SELECT c.id FROM customers c WHERE c.id NOT IN (SELECT o.customer FROM orders o)',
    variants: ['flatten'],
  },
  {
    name: 'NOT IN with a nullable left side',
    sql: 'SELECT c.id FROM customers c WHERE c.referrer NOT IN (SELECT o.id FROM orders o)',
    variants: ['flatten'],
  },
  {
    name: 'a correlated IN',
    sql: 'SELECT o.id FROM orders o WHERE o.amount IN (SELECT i.price FROM items i WHERE i.order_id = o.id)',
    variants: ['flatten'],
  },
  {
    name: '> ALL',
    sql: 'SELECT o.id FROM orders o WHERE o.amount > ALL (SELECT p.amount FROM orders p WHERE p.customer = o.customer AND p.id <> o.id)',
    variants: ['flatten'],
  },
  {
    name: '> ALL of nullable values',
    sql: 'SELECT o.id FROM orders o WHERE o.amount > ALL (SELECT p.discount FROM orders p WHERE p.customer = o.customer)',
    variants: ['flatten'],
  },
  {
    name: 'EXISTS or EXISTS on one key',
    sql: `SELECT o.id FROM orders o WHERE EXISTS (SELECT 1 FROM items i WHERE i.order_id = o.id AND i.quantity > 3)
              OR EXISTS (SELECT 1 FROM items i WHERE i.order_id = o.id AND i.price > 5)`,
    variants: ['exists-union', 'exists-join'],
  },
  {
    name: 'EXISTS or a condition',
    sql: `SELECT c.id FROM customers c WHERE c.credit > 5 OR EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.id)`,
    variants: ['exists-join'],
  },
  {
    name: 'a selected EXISTS',
    sql: `SELECT c.id, EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.id AND o.state = 'open') FROM customers c`,
    variants: ['exists-join'],
  },
  {
    name: 'EXISTS, which PostgreSQL joins by itself',
    sql: 'SELECT c.id FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.id)',
    variants: [],
  },
  {
    name: 'NOT EXISTS, which PostgreSQL joins by itself',
    sql: 'SELECT c.id FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.id)',
    variants: [],
  },
  {
    name: 'a subquery that is tied by an order',
    sql: 'SELECT o.id, (SELECT count(*) FROM orders p WHERE p.placed < o.placed) FROM orders o',
    variants: ['lateral-join', 'window', 'grouped-parts'],
  },
  {
    name: 'a subquery that is tied to nothing',
    sql: 'SELECT o.id FROM orders o WHERE o.amount > (SELECT avg(p.amount) FROM orders p)',
    variants: [],
  },
  {
    name: 'a subquery that a key keeps from giving several rows',
    sql: 'SELECT o.id, (SELECT c.name FROM customers c WHERE c.id = o.customer) FROM orders o',
    variants: ['lookup-join'],
  },
  {
    name: 'a function that is not the same each time',
    sql: 'SELECT c.id FROM customers c WHERE c.credit > (SELECT sum(random()) FROM orders o WHERE o.customer = c.id)',
    variants: [],
  },
  {
    name: 'a sample, which is another one each time',
    sql: 'SELECT c.id, (SELECT count(*) FROM orders o TABLESAMPLE bernoulli (50) WHERE o.customer = c.id) FROM customers c',
    variants: [],
  },
  {
    name: 'locked rows',
    sql: 'SELECT c.id, (SELECT sum(o.amount) FROM orders o WHERE o.customer = c.id) FROM customers c FOR UPDATE',
    variants: [],
  },
  {
    name: 'an alias inside that hides one outside',
    sql: `SELECT id FROM customers WHERE id NOT IN (SELECT order_id FROM items customers)`,
    variants: [],
  },
  {
    name: 'an outer join outside',
    sql: `SELECT c.id, o.id AS order_id, (SELECT sum(i.price) FROM items i WHERE i.order_id = o.id) FROM customers c LEFT JOIN orders o ON o.customer = c.id`,
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'a list of relations outside',
    sql: `SELECT c.id, o.id AS order_id, (SELECT count(*) FROM items i WHERE i.order_id = o.id AND i.product = c.referrer) FROM customers c, orders o WHERE o.customer = c.id`,
    variants: ['group-join', 'group-join-of-selected', 'lateral-join'],
  },
  {
    name: 'a star over merged columns',
    sql: `SELECT *, (SELECT count(*) FROM items i WHERE i.product = a.id) AS n FROM (SELECT id FROM customers) a JOIN (SELECT id FROM orders) b USING (id)`,
    variants: [],
  },
  {
    name: 'a WITH query',
    sql: `WITH paid AS (SELECT customer, amount FROM orders WHERE state = 'paid')
          SELECT c.id, (SELECT max(p.amount) FROM paid p WHERE p.customer = c.id) FROM customers c`,
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'DISTINCT and LIMIT outside',
    sql: `SELECT DISTINCT c.region, (SELECT count(*) FROM orders o WHERE o.customer = c.id) FROM customers c ORDER BY 1, 2 LIMIT 3`,
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'a parameter',
    sql: 'SELECT c.id, (SELECT sum(o.amount) FROM orders o WHERE o.customer = c.id AND o.placed > $1) FROM customers c WHERE c.region = $2',
    variants: ['group-join', 'group-join-of-selected', 'lateral-join'],
  },
  {
    name: 'an order by a subquery',
    sql: 'SELECT c.id FROM customers c ORDER BY (SELECT sum(o.amount) FROM orders o WHERE o.customer = c.id), c.id',
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'a subquery in a branch of CASE',
    sql: `SELECT c.id, CASE WHEN c.credit > 3 THEN (SELECT max(o.amount) FROM orders o WHERE o.customer = c.id) ELSE 0 END FROM customers c`,
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'a comparison of values that print differently',
    sql: 'SELECT r.sensor, (SELECT count(*) FROM readings s WHERE s.value = r.value) FROM readings r',
    variants: ['group-join', 'lateral-join', 'window'],
  },
  {
    name: 'keys whose types may find one row under several',
    sql: 'SELECT r.value, (SELECT count(*) FROM orders o WHERE o.amount = r.value) FROM readings r',
    variants: ['lateral-join'],
  },
  {
    name: 'an UPDATE that sets a sum',
    sql: `UPDATE customers c SET credit = (SELECT sum(o.amount) FROM orders o WHERE o.customer = c.id) WHERE region = 'a' RETURNING *`,
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'an UPDATE that sets two values of the first row',
    sql: `UPDATE customers SET credit = (SELECT o.amount FROM orders o WHERE o.customer = customers.id ORDER BY o.placed DESC, o.id LIMIT 1),
                 name = (SELECT o.state FROM orders o WHERE o.customer = customers.id ORDER BY o.placed DESC, o.id LIMIT 1) WHERE referrer IS NULL`,
    variants: ['latest-join', 'lateral-join'],
  },
  {
    name: 'a DELETE by an average',
    sql: `DELETE FROM customers c WHERE c.credit < (SELECT avg(o.amount) FROM orders o WHERE o.customer = c.id) AND c.id > 1`,
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'a DELETE from a table without a key',
    sql: 'DELETE FROM items i WHERE i.quantity < (SELECT avg(j.quantity) FROM items j WHERE j.product = i.product)',
    variants: [],
  },
  {
    name: 'a DELETE by NOT IN',
    sql: 'DELETE FROM orders WHERE id NOT IN (SELECT order_id FROM items)',
    variants: ['flatten'],
  },
  {
    name: 'an UPDATE from a query that holds a subquery',
    sql: `UPDATE customers c SET credit = s.total FROM (SELECT o.id, (SELECT sum(i.price) FROM items i WHERE i.order_id = o.id) AS total FROM orders o) s WHERE s.id = c.id RETURNING c.id`,
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'a DELETE within WITH',
    sql: `WITH gone AS (DELETE FROM customers c WHERE c.credit < (SELECT avg(o.amount) FROM orders o WHERE o.customer = c.referrer) RETURNING c.id) SELECT id FROM gone`,
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'what an UPDATE returns',
    sql: `UPDATE customers c SET region = 'a' RETURNING c.id, (SELECT sum(o.amount) FROM orders o WHERE o.customer = c.id)`,
    variants: [],
  },
  {
    name: 'what an INSERT returns and does on conflict',
    sql: `INSERT INTO customers AS c (id, name) VALUES (1, 'a') ON CONFLICT (id) DO UPDATE SET credit = (SELECT sum(o.amount) FROM orders o WHERE o.customer = excluded.id)
          RETURNING (SELECT count(*) FROM orders o WHERE o.customer = c.id)`,
    variants: [],
  },
  {
    name: 'the condition of a join',
    sql: `SELECT c.id, o.id AS order_id FROM customers c LEFT JOIN orders o ON o.customer = c.id AND o.amount > (SELECT avg(i.price) FROM items i WHERE i.order_id = o.id)`,
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'a view that holds a subquery',
    sql: `SELECT b.id, b.total FROM balances b WHERE b.region = 'a' ORDER BY b.id`,
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'a function that is an aggregate query',
    sql: `SELECT c.id, total_of(c.id), coalesce(total_of(referrer), 0) AS theirs FROM customers c WHERE total_of(c.id) IS NOT NULL`,
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'a function that gives the first of several rows',
    sql: `UPDATE customers SET name = coalesce(last_of(id), '') RETURNING id, name`,
    variants: ['latest-join', 'lateral-join'],
  },
  {
    name: 'a function that gives rows with a subquery each',
    sql: `SELECT t.who, t.paid FROM totals_in('a') t WHERE t.paid > 1`,
    variants: ['group-join', 'group-join-of-selected', 'lateral-join'],
  },
  {
    name: 'a WITH query that bears the name of such a view',
    sql: `WITH balances AS (SELECT id FROM customers) SELECT id FROM balances`,
    variants: [],
  },
  {
    name: 'a key under a collation of its own',
    sql: `SELECT c.id, (SELECT count(*) FROM orders o WHERE o.state = c.region COLLATE "C") FROM customers c`,
    variants: ['lateral-join', 'joined-group'],
  },
  {
    name: 'an INSERT of what is computed',
    sql: `INSERT INTO readings (sensor, value) SELECT c.id, (SELECT count(*) FROM orders o WHERE o.customer = c.id) FROM customers c`,
    variants: ['group-join', 'lateral-join'],
  },
  ...BEYOND_CASES,
  ...NATURAL_CASES,
  ...SPAN_CASES,
  ...JOINED_WINDOW_CASES,
  ...PARTS_CASES,
];
