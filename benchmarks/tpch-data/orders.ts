import type { SeededSql } from '../../src/fleet/randomness.js';
import { retailCents, supplierOf } from './parts.js';
import type { Prose } from './prose.js';
import type { TpchPlan } from './scale.js';

const FIRST_ORDER_DATE = '1992-01-01';
/** To 1998-08-02: the last order's lines still arrive within 1998. */
const ORDER_DAYS = 2_406;
/** What had arrived by then may have been returned; what ships later is open. */
const CURRENT_DATE = '1995-06-17';

const INSTRUCTIONS = ['DELIVER IN PERSON', 'COLLECT COD', 'NONE', 'TAKE BACK RETURN'];
const MODES = ['REG AIR', 'AIR', 'RAIL', 'SHIP', 'TRUCK', 'MAIL', 'FOB'];
const PRIORITIES = ['1-URGENT', '2-HIGH', '3-MEDIUM', '4-NOT SPECIFIED', '5-LOW'];

/** Share of the orders whose comment has `special`, then `requests`; measured on 1.5 million orders of TPC-H. */
const SPECIAL_REQUESTS_SHARE = 0.0107;

/** Fills lineitem in the order of its orders, then the orders from their lines. */
export function ordersSql(plan: TpchPlan, random: SeededSql, prose: Prose): readonly string[] {
  return [linesSql(plan, random, prose), headsSql(plan, random, prose)];
}

function linesSql(plan: TpchPlan, random: SeededSql, prose: Prose): string {
  const upTo = (count: number, label: string, n = 'n') => `floor(${count} * ${random.unit(label, n)})::int`;
  // Of each 32 keys the first eight are used. OFFSET 0 keeps a level's draws from being drawn again above it.
  return `INSERT INTO lineitem
    SELECT orderkey, part, ${supplierOf('part', 'place', plan.suppliers)}, line, quantity, quantity * ${retailCents('part')} * 0.01,
           ${upTo(11, 'discount')} * 0.01, ${upTo(9, 'tax')} * 0.01,
           CASE WHEN received > '${CURRENT_DATE}' THEN 'N' ELSE ${random.pick(['R', 'A'], 'returned')} END,
           CASE WHEN shipped > '${CURRENT_DATE}' THEN 'O' ELSE 'F' END,
           shipped, committed, received, ${random.pick(INSTRUCTIONS, 'instruction')}, ${random.pick(MODES, 'mode')},
           ${prose.comment('line comment', { min: 10, max: 43 })}
    FROM (
      SELECT n, orderkey, line, part, place, quantity, shipped, committed,
             shipped + 1 + ${upTo(30, 'received')} AS received
      FROM (
        SELECT number * 8 + line AS n, orderkey, line, ordered + 1 + ${upTo(121, 'shipped', 'number * 8 + line')} AS shipped,
               ordered + 30 + ${upTo(61, 'committed', 'number * 8 + line')} AS committed,
               1 + ${upTo(plan.parts, 'part', 'number * 8 + line')} AS part,
               ${upTo(4, 'place', 'number * 8 + line')} AS place,
               1 + ${upTo(50, 'quantity', 'number * 8 + line')} AS quantity
        FROM (
          SELECT number, (number >> 3 << 5) | (number & 7) AS orderkey, ${orderDate(random, 'number')} AS ordered,
                 generate_series(1, 1 + ${upTo(7, 'lines', 'number')}) AS line
          FROM (SELECT generate_series(1, ${plan.orders}) AS number) AS numbers
        ) AS lines OFFSET 0
      ) AS drawn OFFSET 0
    ) AS received`;
}

function headsSql(plan: TpchPlan, random: SeededSql, prose: Prose): string {
  const buyers = Math.floor(plan.customers / 3) * 2;
  const wish = `'special ' || ${prose.comment('order wish', { min: 5, max: 50 })} || ' requests'`;
  const comment = prose.comment('order comment', { min: 19, max: 78 });
  // No order is by a customer whose key is a multiple of three.
  return `INSERT INTO orders
    SELECT orderkey, buyer / 2 * 3 + 1 + buyer % 2, status, total, ${orderDate(random, 'n')},
           ${random.pick(PRIORITIES, 'priority')},
           'Clerk#' || lpad((1 + floor(${plan.clerks} * ${random.unit('clerk')})::int)::text, 9, '0'), 0,
           CASE WHEN ${random.unit('wish')} < ${SPECIAL_REQUESTS_SHARE} THEN ${wish} ELSE ${comment} END
    FROM (
      SELECT n, orderkey, status, total, floor(${buyers} * ${random.unit('buyer')})::int AS buyer
      FROM (
        SELECT l_orderkey AS orderkey, (l_orderkey >> 5 << 3) | (l_orderkey & 7) AS n,
               CASE WHEN bool_and(l_linestatus = 'F') THEN 'F' WHEN bool_and(l_linestatus = 'O') THEN 'O' ELSE 'P' END AS status,
               round(sum(l_extendedprice * (1 - l_discount) * (1 + l_tax)), 2) AS total
        FROM lineitem GROUP BY l_orderkey ORDER BY l_orderkey
      ) AS summed OFFSET 0
    ) AS bought`;
}

function orderDate(random: SeededSql, number: string): string {
  return `(date '${FIRST_ORDER_DATE}' + floor(${ORDER_DAYS} * ${random.unit('order date', number)})::int)`;
}
