import { WRONG_FORMS } from './wrong-forms.js';

/** A rewrite that someone would believe in. */
export interface RewritePair {
  readonly name: string;
  readonly original: string;
  readonly rewritten: string;
}

/** Tables that the pairs are about. */
export const PAIR_SCHEMA = `
  CREATE TYPE mood AS ENUM ('calm', 'tense');
  CREATE TABLE customers (id int PRIMARY KEY, region text, name text NOT NULL, credit numeric, joined date, referrer int);
  CREATE TABLE orders (
    id int PRIMARY KEY, customer int REFERENCES customers, state text NOT NULL CHECK (state IN ('open', 'paid', 'void')),
    amount numeric NOT NULL, discount numeric, placed timestamptz NOT NULL, shipped timestamptz, mood mood);
  CREATE TABLE items (order_id int NOT NULL REFERENCES orders, product int NOT NULL, quantity int, price numeric, note varchar(20));
  CREATE TABLE parcels (id int PRIMARY KEY, customer int, document jsonb, labels text[], due date, sent timestamptz);
  CREATE INDEX ON orders (state, customer); CREATE INDEX ON orders (mood); CREATE INDEX ON orders (placed); CREATE INDEX ON items (note);
  CREATE TABLE readings (sensor int, at timestamptz, value double precision, flag boolean);
  CREATE VIEW balances AS
    SELECT c.id, c.region, (SELECT sum(o.amount) FROM orders o WHERE o.customer = c.id) AS total FROM customers c;
  CREATE FUNCTION total_of(customer_id int) RETURNS numeric LANGUAGE sql STABLE
    AS 'SELECT sum(amount) FROM orders WHERE customer = customer_id';
  CREATE FUNCTION last_of(int) RETURNS text LANGUAGE sql STABLE
    AS 'SELECT o.state FROM orders o WHERE o.customer = $1 ORDER BY o.placed DESC, o.id';
  CREATE FUNCTION totals_in(place text) RETURNS TABLE (who int, paid numeric) LANGUAGE sql STABLE
    AS 'SELECT c.id, (SELECT sum(o.amount) FROM orders o WHERE o.customer = c.id) FROM customers c WHERE c.region = place'`;

/** Pairs that differ, each by one of the traps that rewrites fall into. */
export const WRONG_REWRITES: readonly RewritePair[] = [
  // Conditions that few values meet.
  ...[
    `p.document ->> 'state' = 'lost'`,
    `p.document #>> '{address,town}' = 'Oslo' AND (p.document -> 'size')::int > 4`,
    `'fragile' = ANY (p.labels)`,
    `p.labels @> ARRAY['fragile', 'heavy']`,
    `extract(year FROM p.due) = 2019`,
    `to_char(p.sent, 'YYYY-MM') = '2021-07'`,
    `p.due + 30 > current_date AND p.due + 20 < current_date`,
    `p.sent BETWEEN timestamptz '2025-03-01Z' - interval '3 hours' AND timestamptz '2025-03-01Z' - interval '30 minutes'`,
    `p.id % 7 = 3`,
  ].map((condition) =>
    pair(
      `min for max where ${condition}`,
      `SELECT c.id, (SELECT max(p.id) FROM parcels p WHERE p.customer = c.id AND ${condition}) AS last FROM customers c`,
      `SELECT c.id, (SELECT min(p.id) FROM parcels p WHERE p.customer = c.id AND ${condition}) AS last FROM customers c`,
    ),
  ),
  ...[
    `o.state = 'paid' AND o.mood = 'tense' AND o.discount BETWEEN 7 AND 8`,
    `o.placed >= '2024-05-01' AND o.placed < '2024-05-02' AND o.discount % 5 = 2`,
  ].map((condition) =>
    pair(
      `the least for the most of what differs where ${condition}`,
      `SELECT c.region, max(o.amount) AS most FROM customers c JOIN orders o ON o.customer = c.id WHERE ${condition} GROUP BY c.region`,
      `SELECT c.region, min(o.amount) AS most FROM customers c JOIN orders o ON o.customer = c.id WHERE ${condition} GROUP BY c.region`,
    ),
  ),
  pair(
    'a day in place of a moment',
    'SELECT p.id FROM parcels p WHERE p.due + 30 < now()',
    'SELECT p.id FROM parcels p WHERE p.due < now()::date - 30',
  ),
  // What an empty group gives.
  pair(
    'an inner join in place of LEFT JOIN',
    `SELECT c.id, (SELECT sum(o.amount) FROM orders o WHERE o.customer = c.id) FROM customers c`,
    `SELECT c.id, s.sum FROM customers c JOIN (SELECT customer, sum(amount) FROM orders GROUP BY 1) s ON s.customer = c.id`,
  ),
  pair(
    'a count without its zero',
    `SELECT c.id, (SELECT count(*) FROM orders o WHERE o.customer = c.id) FROM customers c`,
    `SELECT c.id, s.count FROM customers c LEFT JOIN (SELECT customer, count(*) FROM orders GROUP BY 1) s ON s.customer = c.id`,
  ),
  pair(
    'a sum with a zero',
    `SELECT c.id, (SELECT sum(o.amount) FROM orders o WHERE o.customer = c.id) FROM customers c`,
    `SELECT c.id, coalesce(s.sum, 0) AS sum FROM customers c LEFT JOIN (SELECT customer, sum(amount) FROM orders GROUP BY 1) s ON s.customer = c.id`,
  ),
  pair(
    'count of the joined row in place of its rows',
    `SELECT c.id, (SELECT count(*) FROM orders o WHERE o.customer = c.id) FROM customers c`,
    `SELECT c.id, count(*) FROM customers c LEFT JOIN orders o ON o.customer = c.id GROUP BY c.id`,
  ),
  pair(
    'a condition of the subquery moved to WHERE',
    `SELECT c.id, (SELECT count(*) FROM orders o WHERE o.customer = c.id AND o.state = 'open') FROM customers c`,
    `SELECT c.id, count(o.id) FROM customers c LEFT JOIN orders o ON o.customer = c.id WHERE o.state = 'open' GROUP BY c.id`,
  ),
  pair(
    'a nullable column that is counted',
    `SELECT c.id, (SELECT count(*) FROM orders o WHERE o.customer = c.id) FROM customers c`,
    `SELECT c.id, count(o.shipped) FROM customers c LEFT JOIN orders o ON o.customer = c.id GROUP BY c.id`,
  ),
  pair(
    'a running total by rows, not by what is equal',
    'SELECT o.id, (SELECT sum(p.amount) FROM orders p WHERE p.placed <= o.placed) FROM orders o',
    'SELECT o.id, sum(o.amount) OVER (ORDER BY o.placed ROWS UNBOUNDED PRECEDING) FROM orders o',
  ),
  pair(
    'a dense rank in place of a count of greater rows',
    'SELECT o.id, (SELECT count(*) FROM orders p WHERE p.amount > o.amount) AS n FROM orders o',
    'SELECT o.id, dense_rank() OVER (ORDER BY o.amount DESC) - 1 AS n FROM orders o',
  ),
  pair(
    'a running count along a column that may be NULL',
    'SELECT c.id, (SELECT count(*) FROM customers d WHERE d.joined <= c.joined) AS n FROM customers c',
    'SELECT c.id, count(*) OVER (ORDER BY c.joined) AS n FROM customers c',
  ),
  pair(
    'a join of a row of which there may be several',
    'SELECT o.id, (SELECT i.note FROM items i WHERE i.order_id = o.id) FROM orders o',
    'SELECT o.id, i.note FROM orders o LEFT JOIN items i ON i.order_id = o.id',
  ),
  pair(
    'an array of no rows that is NULL',
    'SELECT c.id, ARRAY(SELECT o.id FROM orders o WHERE o.customer = c.id ORDER BY o.id) AS ids FROM customers c',
    'SELECT c.id, s.ids FROM customers c LEFT JOIN (SELECT customer, array_agg(id ORDER BY id) AS ids FROM orders GROUP BY 1) s ON s.customer = c.id',
  ),
  pair(
    'rows outside that are alike, grouped together',
    `SELECT c.region, (SELECT count(*) FROM orders o WHERE o.customer = c.id) FROM customers c`,
    `SELECT c.region, count(o.id) FROM customers c LEFT JOIN orders o ON o.customer = c.id GROUP BY c.region`,
  ),
  pair(
    'an aggregate that compares with nothing',
    `SELECT c.id FROM customers c WHERE 2 > (SELECT count(*) FROM orders o WHERE o.customer = c.id)`,
    `SELECT c.id FROM customers c JOIN (SELECT customer, count(*) AS n FROM orders GROUP BY 1) s ON s.customer = c.id WHERE 2 > s.n`,
  ),
  // NULL on either side.
  pair(
    'NOT EXISTS for NOT IN of a nullable column',
    `SELECT c.id FROM customers c WHERE c.id NOT IN (SELECT o.customer FROM orders o)`,
    `SELECT c.id FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.id)`,
  ),
  pair(
    'NOT EXISTS for NOT IN with a nullable left side',
    `SELECT c.id FROM customers c WHERE c.referrer NOT IN (SELECT o.id FROM orders o)`,
    `SELECT c.id FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = c.referrer)`,
  ),
  pair(
    'LEFT JOIN … IS NULL for NOT IN',
    `SELECT c.id FROM customers c WHERE c.id NOT IN (SELECT o.customer FROM orders o WHERE o.state = 'void')`,
    `SELECT c.id FROM customers c LEFT JOIN orders o ON o.customer = c.id AND o.state = 'void' WHERE o.id IS NULL`,
  ),
  pair(
    'IS NULL of a column that may be NULL',
    `SELECT c.id FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.id)`,
    `SELECT c.id FROM customers c LEFT JOIN orders o ON o.customer = c.id WHERE o.shipped IS NULL`,
  ),
  pair(
    'IS NOT DISTINCT FROM for =',
    `SELECT c.id, (SELECT count(*) FROM orders o WHERE o.customer = c.referrer) FROM customers c`,
    `SELECT c.id, (SELECT count(*) FROM orders o WHERE o.customer IS NOT DISTINCT FROM c.referrer) FROM customers c`,
  ),
  pair(
    '= for IS NOT DISTINCT FROM',
    `SELECT c.id FROM customers c WHERE c.region IS NOT DISTINCT FROM (SELECT max(d.region) FROM customers d WHERE d.id = c.referrer)`,
    `SELECT c.id FROM customers c LEFT JOIN customers d ON d.id = c.referrer WHERE c.region = d.region`,
  ),
  pair(
    '> ALL as > max',
    `SELECT o.id FROM orders o WHERE o.amount > ALL (SELECT p.amount FROM orders p WHERE p.customer = o.customer AND p.id <> o.id)`,
    `SELECT o.id FROM orders o WHERE o.amount > (SELECT max(p.amount) FROM orders p WHERE p.customer = o.customer AND p.id <> o.id)`,
  ),
  pair(
    '> ALL of nullable values as > max with a default',
    `SELECT o.id FROM orders o WHERE o.amount > ALL (SELECT p.discount FROM orders p WHERE p.customer = o.customer)`,
    `SELECT o.id FROM orders o WHERE coalesce(o.amount > (SELECT max(p.discount) FROM orders p WHERE p.customer = o.customer), true)`,
  ),
  pair(
    'IN within NOT as EXISTS',
    `SELECT c.id FROM customers c WHERE (c.referrer IN (SELECT o.customer FROM orders o)) IS NOT TRUE`,
    `SELECT c.id FROM customers c WHERE NOT (c.referrer IN (SELECT o.customer FROM orders o))`,
  ),
  pair(
    'a selected IN as EXISTS',
    `SELECT c.id, c.referrer IN (SELECT o.customer FROM orders o) AS x FROM customers c`,
    `SELECT c.id, EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.referrer) AS x FROM customers c`,
  ),
  pair(
    'partition by a key that may be NULL',
    `SELECT c.id, (SELECT count(*) FROM customers d WHERE d.region = c.region) FROM customers c`,
    `SELECT c.id, count(*) OVER (PARTITION BY region) FROM customers c`,
  ),
  pair(
    'max where NULLs come first',
    `SELECT c.id, (SELECT o.shipped FROM orders o WHERE o.customer = c.id ORDER BY o.shipped DESC LIMIT 1) FROM customers c`,
    `SELECT c.id, s.shipped FROM customers c LEFT JOIN (SELECT customer, max(shipped) AS shipped FROM orders GROUP BY 1) s ON s.customer = c.id`,
  ),
  pair(
    '<> that drops NULL',
    `SELECT o.id FROM orders o WHERE o.shipped IS DISTINCT FROM o.placed`,
    `SELECT o.id FROM orders o WHERE o.shipped <> o.placed`,
  ),
  // Rows that become more or fewer.
  pair(
    'a join in place of EXISTS',
    `SELECT c.id FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.id)`,
    `SELECT c.id FROM customers c JOIN orders o ON o.customer = c.id`,
  ),
  pair(
    'DISTINCT that also takes rows outside together',
    `SELECT c.region FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.id)`,
    `SELECT DISTINCT c.region FROM customers c JOIN orders o ON o.customer = c.id`,
  ),
  pair(
    'a join of two details that multiplies',
    `SELECT o.id, (SELECT sum(i.quantity) FROM items i WHERE i.order_id = o.id), (SELECT count(*) FROM items i WHERE i.order_id = o.id) FROM orders o`,
    `SELECT o.id, sum(i.quantity), count(j.product) FROM orders o LEFT JOIN items i ON i.order_id = o.id LEFT JOIN items j ON j.order_id = o.id GROUP BY o.id`,
  ),
  pair(
    'the row of the maximum, found by its value',
    `SELECT c.id, (SELECT o.state FROM orders o WHERE o.customer = c.id ORDER BY o.placed DESC LIMIT 1) FROM customers c`,
    `SELECT c.id, o.state FROM customers c LEFT JOIN orders o ON o.customer = c.id AND o.placed = (SELECT max(p.placed) FROM orders p WHERE p.customer = c.id)`,
  ),
  pair(
    'UNION in place of UNION ALL',
    `SELECT customer FROM orders WHERE state = 'open' UNION ALL SELECT referrer FROM customers`,
    `SELECT customer FROM orders WHERE state = 'open' UNION SELECT referrer FROM customers`,
  ),
  pair(
    'an OR as UNION ALL',
    `SELECT id FROM orders WHERE state = 'open' OR amount > 10`,
    `SELECT id FROM orders WHERE state = 'open' UNION ALL SELECT id FROM orders WHERE amount > 10`,
  ),
  pair(
    'an OR as UNION ALL that forgets NULL',
    `SELECT id FROM orders WHERE discount = 5 OR amount > 10`,
    `SELECT id FROM orders WHERE discount = 5 UNION ALL SELECT id FROM orders WHERE amount > 10 AND discount <> 5`,
  ),
  pair(
    'a join that forgets a key',
    `SELECT i.order_id, (SELECT count(*) FROM items j WHERE j.order_id = i.order_id AND j.product = i.product) FROM items i`,
    `SELECT i.order_id, s.count FROM items i JOIN (SELECT order_id, count(*) FROM items GROUP BY 1) s USING (order_id)`,
  ),
  pair(
    'duplicates inside that DISTINCT took away',
    `SELECT c.id FROM customers c, (SELECT DISTINCT customer FROM orders) o WHERE o.customer = c.id`,
    `SELECT c.id FROM customers c, orders o WHERE o.customer = c.id`,
  ),
  pair(
    'an outer join that WHERE makes an inner one',
    `SELECT c.id, o.state FROM customers c LEFT JOIN orders o ON o.customer = c.id AND o.amount > 5`,
    `SELECT c.id, o.state FROM customers c LEFT JOIN orders o ON o.customer = c.id WHERE o.amount > 5`,
  ),
  pair(
    'several rows that were an error',
    `SELECT c.id, (SELECT o.id FROM orders o WHERE o.customer = c.id) FROM customers c`,
    `SELECT c.id, o.id FROM customers c LEFT JOIN orders o ON o.customer = c.id`,
  ),
  pair(
    'several rows of which one is taken',
    `SELECT c.id, (SELECT o.amount FROM orders o WHERE o.customer = c.id) FROM customers c`,
    `SELECT c.id, (SELECT max(o.amount) AS amount FROM orders o WHERE o.customer = c.id) FROM customers c`,
  ),
  pair(
    'a semi-join on the wrong side',
    `SELECT o.id FROM orders o WHERE EXISTS (SELECT 1 FROM customers c WHERE c.id = o.customer AND c.credit > 5)`,
    `SELECT o.id FROM orders o LEFT JOIN customers c ON c.id = o.customer AND c.credit > 5`,
  ),
  // Conditions.
  pair(
    'a boundary that moved',
    `SELECT id FROM orders WHERE amount >= 100`,
    `SELECT id FROM orders WHERE amount > 100`,
  ),
  pair(
    'a lost conjunct',
    `SELECT c.id, (SELECT sum(o.amount) FROM orders o WHERE o.customer = c.id AND o.state = 'paid' AND o.discount > 3) FROM customers c`,
    `SELECT c.id, s.sum FROM customers c LEFT JOIN (SELECT customer, sum(amount) FROM orders WHERE state = 'paid' GROUP BY 1) s ON s.customer = c.id`,
  ),
  pair(
    'a conjunct of another constant',
    `SELECT c.id FROM customers c WHERE (SELECT count(*) FROM orders o WHERE o.customer = c.id AND o.state = 'paid') > 1`,
    `SELECT c.id FROM customers c WHERE (SELECT count(*) FROM orders o WHERE o.customer = c.id AND o.state = 'open') > 1`,
  ),
  pair(
    'a share of another average',
    `SELECT i.product FROM items i WHERE i.quantity < (SELECT 0.5 * avg(j.quantity) FROM items j WHERE j.product = i.product)`,
    `SELECT i.product FROM items i WHERE i.quantity < (SELECT 0.5 * avg(j.quantity) FROM items j WHERE j.order_id = i.order_id)`,
  ),
  pair(
    '<= for <',
    `SELECT i.product FROM items i WHERE i.quantity < (SELECT avg(j.quantity) FROM items j WHERE j.product = i.product)`,
    `SELECT i.product FROM items i JOIN (SELECT product, avg(quantity) AS a FROM items GROUP BY 1) s USING (product) WHERE i.quantity <= s.a`,
  ),
  pair(
    'a window over more rows',
    `SELECT o.id FROM orders o WHERE o.state = 'paid' AND o.amount > (SELECT avg(p.amount) FROM orders p WHERE p.state = o.state AND p.mood = 'calm')`,
    `SELECT id FROM (SELECT o.*, avg(amount) OVER (PARTITION BY state) AS a FROM orders o WHERE state = 'paid') o WHERE amount > a`,
  ),
  pair(
    '> 1 as EXISTS',
    `SELECT c.id FROM customers c WHERE (SELECT count(*) FROM orders o WHERE o.customer = c.id) > 1`,
    `SELECT c.id FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.id)`,
  ),
  pair(
    'count of a nullable column as EXISTS',
    `SELECT c.id FROM customers c WHERE (SELECT count(o.discount) FROM orders o WHERE o.customer = c.id) > 0`,
    `SELECT c.id FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.id)`,
  ),
  pair(
    'AND for OR',
    `SELECT c.id FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.id) OR c.credit > 5`,
    `SELECT c.id FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.id AND c.credit > 5)`,
  ),
  pair(
    'BETWEEN that takes the end in',
    `SELECT id FROM orders WHERE placed >= '2024-03-01' AND placed < '2024-03-02'`,
    `SELECT id FROM orders WHERE placed BETWEEN '2024-03-01' AND '2024-03-02'`,
  ),
  pair(
    'a day without its time',
    `SELECT id FROM orders WHERE placed::date = '2024-03-01'`,
    `SELECT id FROM orders WHERE placed = '2024-03-01'`,
  ),
  pair(
    'coalesce with another default',
    `SELECT id FROM orders WHERE coalesce(discount, 0) = 0`,
    `SELECT id FROM orders WHERE discount = 0`,
  ),
  pair(
    'a pattern that ignores case',
    `SELECT id FROM customers WHERE name LIKE 'a%'`,
    `SELECT id FROM customers WHERE name ILIKE 'a%'`,
  ),
  pair(
    'HAVING moved to WHERE',
    `SELECT customer FROM orders GROUP BY customer HAVING max(amount) > 10`,
    `SELECT customer FROM orders WHERE amount > 10 AND state = 'paid' GROUP BY customer`,
  ),
  // Aggregates.
  pair(
    'avg over DISTINCT',
    `SELECT c.id, (SELECT avg(o.amount) FROM orders o WHERE o.customer = c.id) FROM customers c`,
    `SELECT c.id, (SELECT avg(DISTINCT o.amount) FROM orders o WHERE o.customer = c.id) FROM customers c`,
  ),
  pair(
    'an average of averages',
    `SELECT avg(amount) FROM orders`,
    `SELECT avg(a) FROM (SELECT avg(amount) AS a FROM orders GROUP BY customer) s`,
  ),
  pair(
    'sum through a join that repeats',
    `SELECT o.customer, sum(o.amount) FROM orders o GROUP BY 1`,
    `SELECT o.customer, sum(o.amount) FROM orders o LEFT JOIN items i ON i.order_id = o.id GROUP BY 1`,
  ),
  pair(
    'min for max',
    `SELECT c.id, (SELECT max(o.placed) FROM orders o WHERE o.customer = c.id) FROM customers c`,
    `SELECT c.id, (SELECT min(o.placed) AS max FROM orders o WHERE o.customer = c.id) FROM customers c`,
  ),
  pair(
    'count of all for count of DISTINCT',
    `SELECT c.id, (SELECT count(DISTINCT o.state) FROM orders o WHERE o.customer = c.id) FROM customers c`,
    `SELECT c.id, (SELECT count(o.state) FROM orders o WHERE o.customer = c.id) FROM customers c`,
  ),
  pair(
    'a sum that an outer join makes count twice',
    `SELECT count(*) FROM customers c WHERE c.credit > (SELECT sum(o.amount) FROM orders o WHERE o.customer = c.id)`,
    `SELECT count(*) FROM customers c JOIN orders o ON o.customer = c.id WHERE c.credit > o.amount`,
  ),
  // Values that are equal and not the same.
  pair('another scale', `SELECT id, amount FROM orders`, `SELECT id, trim_scale(amount) AS amount FROM orders`),
  pair(
    'the inner key in place of the outer',
    `SELECT r.value, (SELECT count(*) FROM readings s WHERE s.value = r.value) FROM readings r`,
    `SELECT s.value, s.count FROM readings r JOIN (SELECT value, count(*) FROM readings GROUP BY 1) s ON s.value = r.value`,
  ),
  pair(
    'NaN taken for a value that is less',
    `SELECT sensor FROM readings WHERE NOT (value > 1)`,
    `SELECT sensor FROM readings WHERE value <= 1 AND value <> 0`,
  ),
  pair('-0 added to 0', `SELECT value FROM readings`, `SELECT value + 0 AS value FROM readings`),
  pair(
    'a flag that is not known',
    `SELECT sensor FROM readings WHERE flag IS NOT TRUE`,
    `SELECT sensor FROM readings WHERE flag IS FALSE`,
  ),
  pair('a trailing blank', `SELECT note FROM items`, `SELECT rtrim(note) AS note FROM items`),
  // Order and cuts.
  pair('a forgotten order', `SELECT id FROM orders ORDER BY amount, id`, `SELECT id FROM orders`),
  pair(
    'the other end of an order',
    `SELECT id FROM orders ORDER BY placed DESC, id LIMIT 2`,
    `SELECT id FROM orders ORDER BY placed, id LIMIT 2`,
  ),
  pair(
    'NULLs at the other end',
    `SELECT id FROM orders ORDER BY shipped DESC NULLS LAST, id`,
    `SELECT id FROM orders ORDER BY shipped DESC, id`,
  ),
  pair(
    'LIMIT within the groups',
    `SELECT c.id, o.amount FROM customers c, LATERAL (SELECT amount FROM orders o WHERE o.customer = c.id ORDER BY amount DESC, o.id LIMIT 2) o`,
    `SELECT c.id, o.amount FROM customers c JOIN orders o ON o.customer = c.id ORDER BY amount DESC, o.id LIMIT 2`,
  ),
  pair('one row fewer', `SELECT id FROM orders ORDER BY id LIMIT 10`, `SELECT id FROM orders ORDER BY id LIMIT 9`),
  pair(
    'a keyset that loses ties',
    `SELECT id, amount FROM orders WHERE (amount, id) > (100, 3) ORDER BY amount, id`,
    `SELECT id, amount FROM orders WHERE amount > 100 ORDER BY amount, id`,
  ),
  // Writes.
  pair(
    'an UPDATE that leaves rows alone',
    `UPDATE customers c SET credit = (SELECT sum(o.amount) FROM orders o WHERE o.customer = c.id)`,
    `UPDATE customers c SET credit = s.sum FROM (SELECT customer, sum(amount) FROM orders GROUP BY 1) s WHERE s.customer = c.id`,
  ),
  pair(
    'a DELETE that takes more',
    `DELETE FROM items i WHERE i.quantity < (SELECT avg(j.quantity) FROM items j WHERE j.product = i.product)`,
    `DELETE FROM items i WHERE i.quantity < (SELECT avg(j.quantity) FROM items j)`,
  ),
  pair(
    'a DELETE by NOT IN',
    `DELETE FROM customers c WHERE c.referrer NOT IN (SELECT o.id FROM orders o)`,
    `DELETE FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.id = c.referrer)`,
  ),
  // Parameters.
  pair(
    'a parameter that is NULL',
    `SELECT id FROM orders WHERE customer = $1 OR ($1 IS NULL AND customer IS NULL)`,
    `SELECT id FROM orders WHERE customer = $1`,
  ),
  pair(
    'a list that is empty',
    `SELECT id FROM orders WHERE id <> ALL ($1::int[])`,
    `SELECT id FROM orders WHERE id <> ALL ($1::int[]) AND cardinality($1::int[]) > 0`,
  ),
  pair(
    'texts that are written otherwise, or are no number',
    `SELECT id FROM orders WHERE id::text = ANY ($1::text[])`,
    `SELECT id FROM orders WHERE id = ANY ($1::text[]::int[])`,
  ),
  // Errors.
  pair(
    'a division that was not asked for',
    `SELECT c.id, (SELECT sum(o.amount / o.discount) FROM orders o WHERE o.customer = c.id) FROM customers c WHERE c.credit > 3`,
    `SELECT c.id, s.sum FROM customers c LEFT JOIN (SELECT customer, sum(amount / discount) FROM orders GROUP BY 1) s ON s.customer = c.id WHERE c.credit > 3`,
  ),
  ...WRONG_FORMS,
];

function pair(name: string, original: string, rewritten: string): RewritePair {
  return { name, original, rewritten };
}
