import type { RewriteCase } from './rewrite-cases.js';

const ORDERS = 'FROM orders o JOIN customers c ON c.id = o.customer';
const ALIKE = 'FROM orders x JOIN customers y ON y.id = x.customer WHERE y.region = c.region';

/** Subqueries that join the same tables as the level around them, by rows and by groups. */
export const JOINED_WINDOW_CASES: readonly RewriteCase[] = [
  {
    name: 'a place by what rows of the same join are greater',
    sql: `SELECT o.id, (SELECT count(*) + 1 ${ALIKE} AND x.state = 'paid' AND x.amount > o.amount) AS place
          ${ORDERS} WHERE o.state = 'paid' AND c.region = 'a'`,
    variants: ['lateral-join', 'window'],
  },
  {
    name: 'a share of what a group of the same join has',
    sql: `SELECT i.product, o.state, round(100 * sum(i.price) / (SELECT sum(j.price) FROM items j, orders p
            WHERE p.id = j.order_id AND p.state = o.state AND j.quantity > 3), 2) AS percent
          FROM items i JOIN orders o ON o.id = i.order_id WHERE i.quantity > 3 GROUP BY i.product, o.state`,
    variants: ['group-join', 'group-join-of-selected', 'window'],
  },
  {
    name: 'the last rows of each of chosen parents',
    sql: `SELECT o.id, o.customer ${ORDERS} WHERE c.region = 'a' AND c.credit > 3
            AND (SELECT count(*) FROM orders n WHERE n.customer = o.customer AND n.placed > o.placed) < 3`,
    variants: ['lateral-join', 'window', 'joined-group'],
  },
];
