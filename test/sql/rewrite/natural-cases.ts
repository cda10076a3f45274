import type { RewriteCase } from './rewrite-cases.js';

/** The forms that people write of what the other cases hold, about the same tables. */
export const NATURAL_CASES: readonly RewriteCase[] = [
  {
    name: 'two running totals',
    sql: `SELECT o.id, (SELECT sum(p.amount) FROM orders p WHERE p.state = o.state AND p.placed <= o.placed) AS total, (SELECT count(*) FROM orders p WHERE p.state = o.state AND p.id < o.id) AS earlier FROM orders o`,
    variants: ['lateral-join', 'window', 'joined-group'],
  },
  {
    name: 'two running totals, one of fewer rows',
    sql: `SELECT o.id, (SELECT sum(p.amount) FROM orders p WHERE p.id <= o.id AND p.mood = 'calm') AS calm, (SELECT sum(p.amount) FROM orders p WHERE p.id <= o.id) AS total FROM orders o WHERE o.mood = 'calm'`,
    variants: ['lateral-join', 'window'],
  },
  {
    name: 'the row before',
    sql: `SELECT o.id, (SELECT p.amount FROM orders p WHERE p.customer = o.customer AND p.id < o.id ORDER BY p.id DESC LIMIT 1) AS before FROM orders o`,
    variants: ['lateral-join', 'window', 'joined-group'],
  },
  {
    name: 'the row after, by two columns',
    sql: `SELECT o.id, (SELECT p.state FROM orders p WHERE (p.placed, p.id) > (o.placed, o.id) ORDER BY p.placed, p.id LIMIT 1) AS after FROM orders o`,
    variants: ['lateral-join', 'window'],
  },
  {
    name: 'a running total by two columns, spelled',
    sql: `SELECT o.id, (SELECT sum(p.amount) FROM orders p WHERE p.state = o.state AND (p.placed < o.placed OR (p.placed = o.placed AND p.id <= o.id))) FROM orders o`,
    variants: ['lateral-join', 'window', 'joined-group'],
  },
  {
    name: 'the average of its group, of a joined table',
    sql: `SELECT c.name, o.id AS order_id FROM customers c JOIN orders o ON o.customer = c.id WHERE o.amount > (SELECT avg(p.amount) FROM orders p WHERE p.customer = o.customer) AND c.region = 'a'`,
    variants: ['group-join', 'group-join-of-selected', 'lateral-join', 'window'],
  },
  {
    name: 'a total of an optional table',
    sql: `SELECT c.id, o.id AS order_id, (SELECT count(*) FROM orders p WHERE p.customer = o.customer) FROM customers c LEFT JOIN orders o ON o.customer = c.id AND o.state = 'open'`,
    variants: ['group-join', 'lateral-join', 'window'],
  },
  {
    name: 'the last row of each key, by a join',
    sql: `SELECT c.id, o.amount FROM customers c JOIN orders o ON o.customer = c.id AND o.id = (SELECT max(p.id) FROM orders p WHERE p.customer = c.id)`,
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'the last row of each key, by an outer join',
    sql: `SELECT c.id, o.amount FROM customers c LEFT JOIN orders o ON o.customer = c.id AND o.id = (SELECT max(p.id) FROM orders p WHERE p.customer = c.id)`,
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'the row before, by a self join',
    sql: `SELECT o.id, p.amount FROM orders o LEFT JOIN orders p ON p.customer = o.customer AND p.id = (SELECT max(q.id) FROM orders q WHERE q.customer = o.customer AND q.id < o.id)`,
    variants: ['lateral-join', 'window', 'joined-group'],
  },
  {
    name: 'UPDATE with a rank',
    sql: `UPDATE orders o SET discount = (SELECT count(*) FROM orders p WHERE p.state = o.state AND p.amount > o.amount)`,
    variants: ['lateral-join', 'window', 'joined-group'],
  },
  {
    name: 'UPDATE of two columns at once',
    sql: `UPDATE customers c SET (credit, name) = (SELECT sum(o.amount), coalesce(max(o.state), '') FROM orders o WHERE o.customer = c.id) WHERE c.region = 'a'`,
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'UPDATE FROM, tied to the written row',
    sql: `UPDATE orders o SET discount = (SELECT sum(i.price) FROM items i WHERE i.order_id = o.id) FROM customers c WHERE c.id = o.customer AND c.region = 'a'`,
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'UPDATE FROM, tied to the joined row',
    sql: `UPDATE orders o SET discount = (SELECT sum(p.amount) FROM orders p WHERE p.customer = c.id) FROM customers c WHERE c.id = o.customer AND c.region = 'a' RETURNING *`,
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'a DELETE with other tables',
    sql: `DELETE FROM orders o USING customers c WHERE c.id = o.customer AND o.amount < (SELECT avg(p.amount) FROM orders p WHERE p.customer = c.id)`,
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'a correlated NOT IN that may be NULL',
    sql: `SELECT c.id FROM customers c WHERE c.credit NOT IN (SELECT o.discount FROM orders o WHERE o.customer = c.id)`,
    variants: ['flatten'],
  },
  {
    name: 'NOT IN of two columns',
    sql: `SELECT c.id FROM customers c WHERE (c.id, c.region) NOT IN (SELECT o.customer, o.state FROM orders o WHERE o.amount > c.credit)`,
    variants: ['flatten'],
  },
  {
    name: 'a correlated IN of two columns',
    sql: `SELECT o.id FROM orders o WHERE (o.id, o.amount) IN (SELECT i.order_id, i.price FROM items i WHERE i.quantity > o.discount)`,
    variants: ['flatten'],
  },
  {
    name: 'IN within OR',
    sql: `SELECT o.id FROM orders o WHERE o.state = 'void' OR o.amount IN (SELECT i.price FROM items i WHERE i.order_id = o.id)`,
    variants: ['flatten', 'exists-join'],
  },
  {
    name: 'NOT IN within CASE',
    sql: `SELECT o.id, CASE WHEN o.amount NOT IN (SELECT i.price FROM items i WHERE i.order_id = o.id) THEN 1 ELSE 0 END AS odd FROM orders o`,
    variants: ['flatten', 'joined-group'],
  },
  {
    name: 'a selected NOT IN',
    sql: `SELECT o.id, o.id NOT IN (SELECT i.order_id FROM items i) AS empty FROM orders o`,
    variants: ['flatten', 'exists-join'],
  },
  {
    name: 'a selected NOT IN that may be NULL',
    sql: `SELECT o.id, o.discount NOT IN (SELECT i.price FROM items i) AS empty FROM orders o`,
    variants: [],
  },
  {
    name: '> ANY',
    sql: `SELECT o.id FROM orders o WHERE o.amount > ANY (SELECT p.discount FROM orders p WHERE p.customer = o.customer)`,
    variants: ['flatten', 'group-join', 'window'],
  },
  {
    name: '<= ALL of the same state',
    sql: `SELECT o.id FROM orders o WHERE o.amount <= ALL (SELECT p.amount FROM orders p WHERE p.state = o.state)`,
    variants: ['flatten', 'group-join', 'window'],
  },
  {
    name: '> ALL uncorrelated',
    sql: `SELECT o.id FROM orders o WHERE o.id > ALL (SELECT i.order_id FROM items i WHERE i.quantity > 2)`,
    variants: ['flatten'],
  },
  {
    name: '= ANY of an array',
    sql: `SELECT o.id FROM orders o WHERE o.amount = ANY (ARRAY(SELECT i.price FROM items i WHERE i.order_id = o.id))`,
    variants: ['flatten'],
  },
  {
    name: 'a count within the subquery',
    sql: `SELECT c.id FROM customers c WHERE (SELECT count(*) > 0 FROM orders o WHERE o.customer = c.id AND o.state = 'open')`,
    variants: ['flatten'],
  },
  {
    name: 'a count cast and coalesced',
    sql: `SELECT c.id FROM customers c WHERE coalesce((SELECT count(*)::int FROM orders o WHERE o.customer = c.id), 0) = 0`,
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'a first row IS NOT NULL',
    sql: `SELECT c.id, (SELECT o.id FROM orders o WHERE o.customer = c.id LIMIT 1) IS NOT NULL AS some FROM customers c`,
    variants: ['flatten', 'exists-join'],
  },
  {
    name: 'a maximum IS NULL',
    sql: `SELECT c.id FROM customers c WHERE (SELECT max(o.discount) FROM orders o WHERE o.customer = c.id) IS NULL`,
    variants: ['flatten'],
  },
  {
    name: 'EXISTS of a UNION',
    sql: `SELECT o.id FROM orders o WHERE EXISTS (SELECT 1 FROM items i WHERE i.order_id = o.id UNION ALL SELECT 2 FROM customers c WHERE c.id = o.id)`,
    variants: ['exists-union', 'exists-join'],
  },
  {
    name: 'EXISTS of groups',
    sql: `SELECT c.id FROM customers c WHERE EXISTS (SELECT o.customer FROM orders o WHERE o.customer = c.id GROUP BY o.customer HAVING count(*) > 1)`,
    variants: ['exists-join'],
  },
  {
    name: 'EXISTS of groups by another column',
    sql: `SELECT c.id FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.id GROUP BY o.state HAVING sum(o.amount) > 3)`,
    variants: ['exists-join'],
  },
  {
    name: 'EXISTS with HAVING alone',
    sql: `SELECT c.id FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.id HAVING count(*) < 2)`,
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'EXISTS behind an OFFSET',
    sql: `SELECT c.id FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.id OFFSET 1)`,
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'a count of the rows of its key, grouped',
    sql: `SELECT c.id, (SELECT count(*) FROM orders o WHERE o.customer = c.id GROUP BY o.customer) AS n FROM customers c`,
    variants: ['group-join'],
  },
  {
    name: 'a grouped sum with HAVING',
    sql: `SELECT c.id, (SELECT sum(o.amount) FROM orders o WHERE o.customer = c.id GROUP BY o.customer HAVING count(*) > 1) FROM customers c`,
    variants: ['group-join'],
  },
  {
    name: 'a tie in the condition of a join',
    sql: `SELECT c.id, (SELECT sum(i.price) FROM items i JOIN orders o ON o.id = i.order_id AND o.customer = c.id) FROM customers c`,
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'a subquery of a subquery about the outermost row',
    sql: `SELECT c.id, (SELECT count(*) FROM orders o WHERE o.customer = c.id AND o.amount > (SELECT avg(p.amount) FROM orders p WHERE p.customer = c.id)) AS above FROM customers c`,
    variants: ['group-join', 'lateral-join', 'window'],
  },
  {
    name: 'a tie in a derived table',
    sql: `SELECT c.id, (SELECT count(*) FROM (SELECT DISTINCT o.state FROM orders o WHERE o.customer = c.id) s) AS states FROM customers c`,
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'a tie in grouped rows of FROM',
    sql: `SELECT c.id, (SELECT max(s.n) FROM (SELECT o.state, count(*) AS n FROM orders o WHERE o.customer = c.id GROUP BY o.state) s) AS most FROM customers c`,
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'ties in both arms of a union',
    sql: `SELECT o.id, (SELECT sum(u.x) FROM (SELECT i.price AS x FROM items i WHERE i.order_id = o.id UNION ALL SELECT c.credit FROM customers c WHERE c.referrer = o.id) u) FROM orders o`,
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'a range as well as a key',
    sql: `SELECT c.id, (SELECT count(*) FROM orders o WHERE o.customer = c.id AND o.amount > c.credit) AS dear FROM customers c WHERE c.region = 'a'`,
    variants: ['lateral-join', 'joined-group'],
  },
  {
    name: 'an expression with the row around',
    sql: `SELECT c.id, (SELECT sum(o.amount) * c.credit FROM orders o WHERE o.customer = c.id) FROM customers c`,
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'the row around within the aggregate',
    sql: `SELECT c.id, (SELECT sum(o.amount - c.credit) FROM orders o WHERE o.customer = c.id) FROM customers c`,
    variants: ['lateral-join', 'joined-group'],
  },
  {
    name: 'the last row up to one',
    sql: `SELECT o.id, (SELECT c.name FROM customers c WHERE c.referrer = o.customer AND c.id <= o.id ORDER BY c.id DESC LIMIT 1) FROM orders o`,
    variants: ['lateral-join', 'joined-group'],
  },
  {
    name: 'EXISTS with a range, selected',
    sql: `SELECT c.id, EXISTS (SELECT 1 FROM orders o WHERE o.customer = c.id AND o.amount > c.credit) AS dear FROM customers c`,
    variants: ['joined-group'],
  },
  {
    name: 'LATERAL of an aggregate',
    sql: `SELECT c.id, s.total, s.n FROM customers c LEFT JOIN LATERAL (SELECT sum(o.amount) AS total, count(*) AS n FROM orders o WHERE o.customer = c.id) s ON true`,
    variants: ['group-join'],
  },
  {
    name: 'LATERAL of an aggregate, listed',
    sql: `SELECT c.id, s.total FROM customers c, LATERAL (SELECT sum(o.amount) AS total FROM orders o WHERE o.customer = c.id) s WHERE s.total > 3`,
    variants: ['group-join'],
  },
  {
    name: 'LATERAL of the first row',
    sql: `SELECT c.id, s.state, s.amount FROM customers c LEFT JOIN LATERAL (SELECT o.state, o.amount FROM orders o WHERE o.customer = c.id ORDER BY o.placed DESC, o.id LIMIT 1) s ON true`,
    variants: ['latest-join'],
  },
  {
    name: 'the least of an order that may be NULL',
    sql: `SELECT c.id, (SELECT o.shipped FROM orders o WHERE o.customer = c.id ORDER BY o.shipped LIMIT 1) FROM customers c`,
    variants: ['group-join', 'latest-join', 'lateral-join'],
  },
  {
    name: 'a WITH query read twice',
    sql: `WITH x AS (SELECT id, customer, amount FROM orders WHERE state = 'paid') SELECT x.id, (SELECT sum(y.amount) FROM x y WHERE y.customer = x.customer AND y.id <= x.id) AS running FROM x`,
    variants: ['lateral-join', 'window'],
  },
  {
    name: 'a lookup, a sum and a latest row',
    sql: `SELECT o.id, (SELECT c.name FROM customers c WHERE c.id = o.customer) AS who, (SELECT sum(i.price) FROM items i WHERE i.order_id = o.id) AS total, (SELECT i.note FROM items i WHERE i.order_id = o.id ORDER BY i.product, i.note LIMIT 1) AS note FROM orders o`,
    variants: ['group-join', 'latest-join', 'lateral-join', 'lookup-join', 'joined-group'],
  },
  {
    name: 'a DELETE by rank',
    sql: `DELETE FROM orders o WHERE (SELECT count(*) FROM orders p WHERE p.customer = o.customer AND p.id > o.id) >= 2`,
    variants: ['lateral-join', 'window', 'joined-group'],
  },
  {
    name: 'a count of what differs, of some rows',
    sql: `SELECT c.id, (SELECT count(DISTINCT o.state) FILTER (WHERE o.amount > 2) FROM orders o WHERE o.customer = c.id) FROM customers c`,
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'the condition of a full join',
    sql: `SELECT c.id, o.id AS oid FROM customers c FULL JOIN orders o ON o.customer = c.id AND o.amount = (SELECT max(p.amount) FROM orders p WHERE p.customer = o.customer)`,
    variants: ['group-join', 'lateral-join', 'window'],
  },
  {
    name: 'a comparison with ALL in HAVING',
    sql: `SELECT o.state, sum(o.amount) FROM orders o GROUP BY o.state HAVING sum(o.amount) >= ALL (SELECT p.amount FROM orders p WHERE p.state = o.state)`,
    variants: ['flatten'],
  },
  {
    name: 'those without one that nothing of theirs meets',
    sql: `SELECT c.id, c.region FROM customers c WHERE NOT EXISTS (SELECT 1 FROM orders o WHERE o.state = 'open' AND NOT EXISTS (SELECT 1 FROM items i WHERE i.order_id = o.id AND i.product = c.id))`,
    variants: ['group-join'],
  },
  {
    name: 'whether there is one that nothing of theirs meets',
    sql: `SELECT c.id, EXISTS (SELECT 1 FROM orders o WHERE o.amount > 2 AND NOT EXISTS (SELECT 1 FROM items i WHERE i.order_id = o.id AND i.product = c.referrer AND i.quantity > 1)) AS some FROM customers c`,
    variants: ['group-join'],
  },
  {
    name: 'a count that no row without one has',
    sql: `SELECT c.id FROM customers c WHERE (SELECT count(*) FROM orders o WHERE o.customer = c.id AND o.state = 'open') BETWEEN 1 AND 2`,
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'a count that rows without one have, too',
    sql: `SELECT c.id FROM customers c WHERE (SELECT coalesce(sum(o.amount), 0) FROM orders o WHERE o.customer = c.id) <= 1 OR c.id = 2`,
    variants: ['group-join', 'lateral-join'],
  },
  {
    name: 'the second highest of each, by distinct values',
    sql: `SELECT o.id FROM orders o WHERE 2 = (SELECT count(DISTINCT p.discount) FROM orders p WHERE p.state = o.state AND p.discount >= o.discount)`,
    variants: ['lateral-join', 'window', 'joined-group'],
  },
  {
    name: 'how many distinct values come before',
    sql: `SELECT o.id, (SELECT count(DISTINCT p.discount) FROM orders p WHERE p.state = o.state AND p.discount < o.discount) AS n FROM orders o`,
    variants: ['lateral-join', 'window', 'joined-group'],
  },
  {
    name: 'NOT IN of the first of each',
    sql: 'DELETE FROM orders WHERE id NOT IN (SELECT min(o.id) FROM orders o GROUP BY o.customer, o.state)',
    variants: ['flatten'],
  },
  {
    name: 'NOT IN of a UNION that may hold NULL',
    sql: 'SELECT c.id FROM customers c WHERE c.credit NOT IN (SELECT o.discount FROM orders o UNION SELECT i.price FROM items i)',
    variants: ['flatten'],
  },
  {
    name: 'a lookup within an aggregate',
    sql: 'SELECT sum(o.amount * (SELECT c.credit FROM customers c WHERE c.id = o.customer)) AS total FROM orders o WHERE o.id > 1',
    variants: ['lookup-join'],
  },
  {
    name: 'a DELETE by a row that a key finds',
    sql: 'DELETE FROM orders o WHERE o.amount > (SELECT c.credit FROM customers c WHERE c.id = o.customer)',
    variants: ['lookup-join'],
  },
];
