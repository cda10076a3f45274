import { boundedBySeries } from '../../../src/advisors/statements/bounded-by-series.js';
import { cutArms } from '../../../src/advisors/statements/cut-arms.js';
import { groupsOfPage, keysOfPage } from '../../../src/advisors/statements/keys-of-page.js';
import { windowsAsGroups } from '../../../src/advisors/statements/windows-as-groups.js';
import type { Catalog } from '../../../src/model/catalog.js';
import { seriesBounds } from '../../../src/sql/forms/series-bounds.js';
import { spelledComparisons } from '../../../src/sql/forms/spelled-comparisons.js';
import { boundRecursion } from '../../../src/sql/rewrite/bound-recursion.js';
import { commonRows } from '../../../src/sql/rewrite/common-rows.js';
import { countedKeys } from '../../../src/sql/rewrite/counted-keys.js';
import { countedPresence } from '../../../src/sql/rewrite/counted-presence.js';
import { groupedTwice } from '../../../src/sql/rewrite/distinct-aggregates.js';
import { eitherKey } from '../../../src/sql/rewrite/either-key.js';
import { withoutFences } from '../../../src/sql/rewrite/fences.js';
import { firstOfGroups } from '../../../src/sql/rewrite/first-of-groups.js';
import { fullJoinBounds } from '../../../src/sql/rewrite/full-join-bounds.js';
import { groupedBefore } from '../../../src/sql/rewrite/grouped-before.js';
import { groupingLevels } from '../../../src/sql/rewrite/grouping-levels.js';
import { keysOfHaving } from '../../../src/sql/rewrite/keys-of-having.js';
import { countedApart } from '../../../src/sql/rewrite/multiplied-counts.js';
import { noneAfter } from '../../../src/sql/rewrite/none-after.js';
import { oneGrouping } from '../../../src/sql/rewrite/one-grouping.js';
import { groupsOfHaving, rowsOfHaving } from '../../../src/sql/rewrite/rows-of-having.js';
import { rowsOfParents } from '../../../src/sql/rewrite/rows-of-parents.js';
import { groupsOfEachRow, selectedGroups } from '../../../src/sql/rewrite/selected-groups.js';
import { sharedQueries } from '../../../src/sql/rewrite/shared-queries.js';
import { stepsOverKeys } from '../../../src/sql/rewrite/steps-over-keys.js';
import { ungrouped } from '../../../src/sql/rewrite/ungrouped.js';
import { ARM_CASES, NO_ARMS } from './arm-cases.js';
import { BRANCH_CASES, NO_BRANCHES } from './branch-cases.js';
import { ELEMENT_CASES, NO_ELEMENT } from './element-cases.js';
import { FULL_JOIN_CASES, NO_FULL_JOIN } from './full-join-cases.js';
import { GROUPING_CASES, NO_GROUPING } from './grouping-cases.js';
import { HAVING_CASES, NO_HAVING } from './having-cases.js';
import { LEVEL_CASES, NO_LEVELS } from './level-cases.js';
import { LISTS_OF_ROWS, NO_LISTS_OF_ROWS, NO_ROWS_OF_GROUPS, ROWS_OF_GROUPS } from './list-cases.js';
import { NO_NONE, NONE_CASES } from './none-cases.js';
import { NO_PAGE, PAGE_CASES } from './page-cases.js';
import { KEYED_PRESENCE_CASES, NO_KEYED_PRESENCE, NO_PRESENCE, PRESENCE_CASES } from './presence-cases.js';
import { FIRST_CASES, NO_SELF, SELF_CASES } from './self-join-cases.js';
import { NO_SERIES, SERIES_CASES } from './series-cases.js';
import { NO_SET, SET_CASES } from './set-cases.js';
import { NO_SHARED, SHARED_CASES } from './shared-cases.js';
import { NO_STEP, STEP_CASES } from './step-cases.js';
import { NO_WINDOW, WINDOW_CASES } from './window-cases.js';

export type FormName =
  | 'eitherKey'
  | 'groupedTwice'
  | 'groupedBefore'
  | 'countedApart'
  | 'countedPresence'
  | 'countedKeys'
  | 'ungrouped'
  | 'sharedQueries'
  | 'fullJoinBounds'
  | 'seriesBounds'
  | 'seriesWithin'
  | 'withoutFences'
  | 'boundRecursion'
  | 'selectedGroups'
  | 'groupsOfEachRow'
  | 'rowsOfParents'
  | 'firstOfGroups'
  | 'spelledComparisons'
  | 'rowsOfHaving'
  | 'groupsOfHaving'
  | 'keysOfHaving'
  | 'keysOfPage'
  | 'groupsOfPage'
  | 'cutArms'
  | 'commonRows'
  | 'noneAfter'
  | 'oneGrouping'
  | 'groupingLevels'
  | 'levelsOfGroups'
  | 'stepsOverKeys'
  | 'windowsAsGroups';

/** What writes whole statements otherwise. */
export const FORMS: Readonly<Record<FormName, (sql: string, catalog: Catalog) => string | null>> = {
  ...{
    eitherKey,
    groupedTwice,
    groupedBefore,
    countedApart,
    countedPresence,
    countedKeys,
    ungrouped,
    sharedQueries,
    fullJoinBounds,
    seriesBounds: (sql, catalog) => seriesBounds(sql, catalog),
    seriesWithin: boundedBySeries,
    withoutFences,
    boundRecursion,
    selectedGroups,
    groupsOfEachRow,
    rowsOfParents,
    firstOfGroups,
    spelledComparisons,
    rowsOfHaving,
    groupsOfHaving,
    keysOfHaving,
    keysOfPage,
    groupsOfPage,
    cutArms,
    commonRows,
    noneAfter,
    oneGrouping,
    groupingLevels: (sql, catalog) => groupingLevels(sql, catalog),
    levelsOfGroups: (sql, catalog) => groupingLevels(sql, catalog, 'groups'),
    stepsOverKeys: (sql, catalog) => stepsOverKeys(sql, catalog),
    windowsAsGroups,
  },
};

export interface FormCase {
  readonly name: string;
  readonly form: FormName;
  readonly sql: string;
}

const TOTALS = 'SELECT o.customer, count(*) AS n, sum(o.amount) AS total FROM orders o GROUP BY o.customer';

/** As a view does, with groups beside a table. */
const SHEET_OF_CUSTOMERS = `SELECT c.id, c.name, c.region, t.n, u.parcels FROM customers c LEFT JOIN (${TOTALS}) t ON t.customer = c.id
  LEFT JOIN (SELECT p.customer, count(*) AS parcels FROM parcels p GROUP BY p.customer) u ON u.customer = c.id`;

/** Who was referred by whom, with whoever stands first. */
const REFERRED = `SELECT c.id, c.region AS of_region, c.id AS root, 0 AS depth FROM customers c WHERE c.referrer IS NULL
  UNION ALL SELECT n.id, r.of_region, r.root, r.depth + 1 FROM referred r JOIN customers n ON n.referrer = r.id`;

/** Statements about the tables of the pairs that have another form. */
export const FORM_CASES: readonly FormCase[] = [
  ...[
    `SELECT o.id, c.name FROM orders o JOIN customers c ON c.id = o.customer WHERE c.region = 'a' OR o.id IN (SELECT i.order_id FROM items i WHERE i.product = 1)`,
    `SELECT o.id, c.name FROM orders o, customers c WHERE c.id = o.customer AND (o.state = 'open' OR c.credit > o.amount OR EXISTS (SELECT 1 FROM items i WHERE i.order_id = o.id))`,
  ].map(
    (sql): FormCase => ({ name: `a condition of the one row that a row leads to: ${sql}`, form: 'eitherKey', sql }),
  ),
  ...(['selectedGroups', 'groupsOfEachRow'] as const).map((form): FormCase => {
    const rows =
      'SELECT o.*, row_number() OVER (PARTITION BY customer ORDER BY placed DESC, id) AS place FROM orders o';
    const sql = `SELECT c.name, f.state, f.place FROM customers c JOIN (${rows}) f ON f.customer = c.id AND f.place <= 2 WHERE c.region = 'a'`;
    return { name: 'rows that are numbered within parts, all of their columns beside', form, sql };
  }),
  ...FULL_JOIN_CASES,
  ...SERIES_CASES,
  ...SHARED_CASES,
  ...SELF_CASES,
  ...FIRST_CASES,
  ...BRANCH_CASES,
  ...GROUPING_CASES,
  ...LEVEL_CASES,
  ...HAVING_CASES,
  ...PAGE_CASES,
  ...ARM_CASES,
  ...ELEMENT_CASES,
  ...NONE_CASES,
  ...PRESENCE_CASES,
  ...KEYED_PRESENCE_CASES,
  ...SET_CASES,
  ...STEP_CASES,
  ...WINDOW_CASES,
  {
    name: 'distinct values of each group',
    form: 'groupedTwice',
    sql: 'SELECT o.state, count(DISTINCT o.customer) AS n FROM orders o GROUP BY o.state',
  },
  {
    name: 'distinct values of all rows, be there none',
    form: 'groupedTwice',
    sql: `SELECT count(DISTINCT o.discount), count(*), max(o.amount), sum(o.id), avg(o.customer) FROM orders o WHERE o.state = 'open'`,
  },
  {
    name: 'distinct values of some rows, beside others, by name and place',
    form: 'groupedTwice',
    sql: `SELECT o.state AS what, o.mood, count(DISTINCT customer) FILTER (WHERE o.amount > 1) AS n, count(o.discount), sum(o.id), avg(o.customer), bool_or(o.amount > 2)
          FROM orders o GROUP BY 1, o.mood HAVING count(DISTINCT o.customer) >= 1 ORDER BY what, count(DISTINCT o.customer), mood`,
  },
  {
    name: 'a sum of distinct integers',
    form: 'groupedTwice',
    sql: 'SELECT o.customer, sum(DISTINCT i.quantity), count(DISTINCT i.quantity) FROM items i JOIN orders o ON o.id = i.order_id GROUP BY o.customer',
  },
  {
    name: 'distinct values of a computed group',
    form: 'groupedTwice',
    sql: 'SELECT lower(c.name), count(DISTINCT c.region) FROM customers c GROUP BY lower(c.name)',
  },
  {
    name: 'rows grouped by another table',
    form: 'groupedBefore',
    sql: 'SELECT c.region, count(*), sum(o.amount), avg(o.amount), min(o.placed), count(o.discount), sum(o.id), max(c.credit) FROM customers c JOIN orders o ON o.customer = c.id GROUP BY c.region',
  },
  {
    name: 'rows of an optional table, some of them',
    form: 'groupedBefore',
    sql: `SELECT c.id, c.name, count(*) AS all_rows, count(o.id) AS n, sum(o.amount) AS total FROM customers c LEFT JOIN orders o ON o.customer = c.id AND o.state = 'open'
          GROUP BY c.id, c.name HAVING count(o.id) < 2 ORDER BY total`,
  },
  {
    name: 'sums of what is made of exact numbers',
    form: 'groupedBefore',
    sql: `SELECT c.region, sum(CASE WHEN o.state = 'open' THEN 1 ELSE 0 END) AS open, sum(o.amount * 2 - coalesce(o.discount, 0)) AS total, avg(CASE WHEN o.state <> 'void' THEN o.amount / 3 END),
          sum(-o.id % 4), sum(CASE o.state WHEN 'paid' THEN o.amount WHEN 'void' THEN NULL ELSE 0.5 END) FROM customers c JOIN orders o ON o.customer = c.id GROUP BY c.region`,
  },
  {
    name: 'the sum of all joined rows, be there none',
    form: 'groupedBefore',
    sql: `SELECT count(*), sum(i.quantity), avg(i.quantity) FROM orders o, items i WHERE i.order_id = o.id AND o.state = 'void' AND i.price > 1`,
  },
  {
    name: 'a key that meets several rows on both sides',
    form: 'groupedBefore',
    sql: 'SELECT a.state, count(*), sum(b.amount) FROM orders a JOIN orders b ON b.customer = a.customer GROUP BY a.state',
  },
  {
    name: 'tables that multiply each other',
    form: 'countedApart',
    sql: `SELECT c.region, count(DISTINCT o.id) AS orders, count(DISTINCT p.id) FILTER (WHERE p.state = 'paid') AS paid, max(c.credit), count(DISTINCT c.id)
          FROM customers c LEFT JOIN orders o ON o.customer = c.id AND o.amount > 1 LEFT JOIN orders p ON p.customer = c.id GROUP BY c.region`,
  },
  {
    name: 'tables that multiply each other and have to be there',
    form: 'countedApart',
    sql: `SELECT count(DISTINCT o.id), count(DISTINCT p.id) FROM customers c JOIN orders o ON o.customer = c.id JOIN orders p ON p.customer = c.id WHERE o.state = 'open'`,
  },
  {
    name: 'those that nothing is joined to',
    form: 'ungrouped',
    sql: 'SELECT c.id, c.name FROM customers c LEFT JOIN orders o ON o.customer = c.id GROUP BY c.id, c.name HAVING count(o.id) = 0',
  },
  {
    name: 'counts of rows and values of an optional table',
    form: 'ungrouped',
    sql: `SELECT c.id, count(*) AS rows_of, count(o.discount) AS n, max(o.amount) FROM customers c LEFT JOIN orders o ON o.customer = c.id AND c.region = 'a' GROUP BY c.id ORDER BY n, c.id`,
  },
  {
    name: 'a running total by a join with itself',
    form: 'ungrouped',
    sql: 'SELECT a.id, a.state, sum(b.amount) AS so_far FROM orders a JOIN orders b ON b.state = a.state AND b.id <= a.id GROUP BY a.id, a.state',
  },
  {
    name: 'rows that have to be joined',
    form: 'ungrouped',
    sql: `SELECT c.id, sum(i.quantity) FROM customers c JOIN orders o ON o.customer = c.id JOIN items i ON i.order_id = o.id WHERE c.region = 'a' AND o.state <> 'void' GROUP BY c.id`,
  },
  {
    name: 'a join with itself that not all rows survive',
    form: 'ungrouped',
    sql: 'SELECT a.id, count(*) AS earlier FROM orders a JOIN orders b ON b.discount <= a.discount GROUP BY a.id',
  },
  {
    name: 'a query of WITH that is materialised',
    form: 'withoutFences',
    sql: `WITH x AS MATERIALIZED (SELECT id, customer FROM orders WHERE state = 'open') SELECT x.id FROM x WHERE x.customer = 1`,
  },
  {
    name: 'a query of WITH that is read twice',
    form: 'withoutFences',
    sql: `WITH x AS (${TOTALS}) SELECT a.customer, b.n FROM x a JOIN x b ON b.n = a.n WHERE a.customer = 1`,
  },
  {
    name: 'a recursion of which what one row begins is chosen',
    form: 'boundRecursion',
    sql: `WITH RECURSIVE referred AS (${REFERRED}) SELECT r.id, r.depth FROM referred r WHERE r.root = 1`,
  },
  {
    name: 'a recursion beside another table, by a range and a list',
    form: 'boundRecursion',
    sql: `WITH RECURSIVE referred AS (${REFERRED}) SELECT r.id, o.state FROM referred r LEFT JOIN orders o ON o.customer = r.id
          WHERE r.root BETWEEN 1 AND 2 AND r.of_region IN ('a', 'b') AND r.depth < 3`,
  },
  {
    name: 'a recursion that is joined to one row',
    form: 'boundRecursion',
    sql: `WITH RECURSIVE referred AS (${REFERRED}) SELECT c.name, r.depth FROM customers c JOIN referred r ON r.root = c.id WHERE c.id = 1`,
  },
  {
    name: 'groups of a recursion that one row may have',
    form: 'boundRecursion',
    sql: `WITH RECURSIVE referred AS (${REFERRED}), counted AS (SELECT r.root, count(*) AS n FROM referred r JOIN orders o ON o.customer = r.id GROUP BY r.root)
          SELECT c.name, t.n FROM customers c LEFT JOIN (SELECT root, n FROM counted) t ON c.id = t.root WHERE c.id = 1`,
  },
  {
    name: 'a recursion without repeats, under names of its own',
    form: 'boundRecursion',
    sql: `WITH RECURSIVE referred(a, b) AS (SELECT c.id, c.id FROM customers c UNION SELECT n.id, x.b FROM customers n JOIN referred x ON n.referrer = x.a)
          SELECT a FROM referred WHERE b = 2`,
  },
  {
    name: 'OFFSET 0',
    form: 'withoutFences',
    sql: 'SELECT x.id FROM (SELECT id, state FROM orders OFFSET 0) x WHERE x.id = 1',
  },
  {
    name: 'groups that each row asks for, optional',
    form: 'groupsOfEachRow',
    sql: `SELECT c.id, t.n, t.total FROM customers c LEFT JOIN (${TOTALS}) t ON t.customer = c.id WHERE c.region = 'a'`,
  },
  {
    name: 'groups that the rows of a page ask for',
    form: 'groupsOfEachRow',
    sql: `SELECT c.id, t.n FROM customers c LEFT JOIN (${TOTALS}) t ON t.customer = c.referrer ORDER BY c.id LIMIT 3`,
  },
  {
    name: 'numbered rows that each row asks for',
    form: 'groupsOfEachRow',
    sql: `SELECT c.id, x.id, x.place FROM customers c, (SELECT o.id, o.customer, row_number() OVER (PARTITION BY o.customer ORDER BY o.id) AS place FROM orders o) x
          WHERE x.customer = c.id AND x.place <= 2 AND c.credit > 1`,
  },
  {
    name: 'groups that stand left of the rows that ask for them',
    form: 'groupsOfEachRow',
    sql: `SELECT c.id, t.* FROM (${TOTALS}) t JOIN customers c ON t.customer = c.id WHERE c.region = 'a'`,
  },
  {
    name: 'groups that are listed before the rows that ask for them',
    form: 'groupsOfEachRow',
    sql: `SELECT c.id, t.n FROM (${TOTALS}) t, customers c JOIN parcels p ON p.customer = c.id WHERE t.customer = c.id AND c.region = 'a'`,
  },
  {
    name: 'groups in WITH that an UPDATE joins',
    form: 'selectedGroups',
    sql: `WITH t AS (${TOTALS}) UPDATE customers c SET credit = t.total FROM t WHERE t.customer = c.id AND c.region = 'a'`,
  },
  {
    name: 'groups in WITH that a DELETE joins',
    form: 'selectedGroups',
    sql: `WITH t AS (${TOTALS}) DELETE FROM customers c USING t WHERE t.customer = c.id AND c.region = 'a' AND t.total > 1`,
  },
  {
    name: 'groups that an UPDATE joins',
    form: 'selectedGroups',
    sql: `UPDATE customers c SET credit = t.total FROM (${TOTALS}) t WHERE t.customer = c.id AND c.region = 'a'`,
  },
  {
    name: 'groups that a DELETE joins',
    form: 'selectedGroups',
    sql: `DELETE FROM customers c USING (${TOTALS}) t WHERE t.customer = c.referrer AND t.n > 1 AND c.region = 'a'`,
  },
  ...(['selectedGroups', 'groupsOfEachRow'] as const).flatMap((form): FormCase[] => [
    {
      name: `a list of keys of groups that chosen rows are looked up in, by ${form}`,
      form,
      sql: `SELECT name, id FROM customers WHERE region = 'a' AND id IN (SELECT customer FROM orders GROUP BY customer HAVING count(*) > 1)`,
    },
    {
      name: `a list of keys of groups with others, of a column that may be NULL, by ${form}`,
      form,
      sql: `SELECT c.id FROM customers c JOIN parcels p ON p.customer = c.id
            WHERE p.id > 1 AND c.referrer IN (SELECT x.customer FROM orders x GROUP BY x.customer, x.state HAVING max(x.amount) > 1)`,
    },
    {
      name: `a list of distinct keys that the rows of a DELETE are looked up in, by ${form}`,
      form,
      sql: `DELETE FROM customers c WHERE c.region = 'a' AND c.id IN (SELECT DISTINCT o.customer FROM orders o WHERE o.amount > 1)`,
    },
    ...LISTS_OF_ROWS.map(
      ([name, sql]): FormCase => ({ name: `a list of rows of groups ${name}, by ${form}`, form, sql }),
    ),
    ...ROWS_OF_GROUPS.map(([name, sql]): FormCase => ({ name: `${name} of groups, by ${form}`, form, sql })),
  ]),
  {
    name: 'a list of first rows of some groups, under the name of the table around',
    form: 'selectedGroups',
    sql: `DELETE FROM orders WHERE amount > 1 AND id IN (SELECT min(id) FILTER (WHERE discount IS NULL) FROM orders WHERE placed > '2025-01-01Z' GROUP BY state HAVING count(*) > 1)`,
  },
  {
    name: 'groups beside a column that a list chooses among',
    form: 'selectedGroups',
    sql: `SELECT o.id, g.total FROM orders o LEFT JOIN (SELECT customer, sum(amount) AS total FROM orders GROUP BY customer) g ON g.customer = o.customer WHERE o.customer IN (SELECT c.id FROM customers c WHERE c.region = 'a')`,
  },
  {
    name: 'a list of last rows beside what is asked of their group in a subquery',
    form: 'selectedGroups',
    sql: `SELECT o.id FROM orders o WHERE o.id IN (SELECT max(x.id) FROM orders x GROUP BY x.state) AND EXISTS (SELECT FROM parcels p WHERE p.document ->> 'state' = o.state)`,
  },
  {
    name: 'a list of keys of groups that the rows of a page are looked up in',
    form: 'groupsOfEachRow',
    sql: `SELECT c.id FROM customers c WHERE c.id IN (SELECT o.customer FROM orders o GROUP BY o.customer HAVING count(*) > 1) ORDER BY c.id LIMIT 2`,
  },
  {
    name: 'groups of keys in a subquery',
    form: 'selectedGroups',
    sql: `SELECT t.* FROM (${TOTALS}) t WHERE t.customer IN (SELECT c.id FROM customers c WHERE c.region = 'a') AND t.n > 0`,
  },
  {
    name: 'numbered rows of keys that there is a row of, in a view and an optional join',
    form: 'selectedGroups',
    sql: `SELECT x.id, x.place FROM (SELECT o.id, o.customer, row_number() OVER (PARTITION BY o.customer ORDER BY o.id) AS place FROM orders o) x
          WHERE x.place = 1 AND EXISTS (SELECT 1 FROM customers c WHERE c.id = x.customer AND c.credit > 1)`,
  },
  {
    name: 'groups of a key that is looked up, optional',
    form: 'selectedGroups',
    sql: `SELECT c.id, t.n FROM customers c LEFT JOIN (${TOTALS}) t ON t.customer = c.id WHERE t.customer = (SELECT min(d.id) FROM customers d)`,
  },
  ...(['selectedGroups', 'groupsOfEachRow'] as const).flatMap((form): FormCase[] => [
    {
      name: `groups of a query that is asked about the table beside them, by ${form}`,
      form,
      sql: `SELECT v.name, v.n, v.parcels FROM (${SHEET_OF_CUSTOMERS}) v WHERE v.region = 'a' AND v.n IS DISTINCT FROM 7`,
    },
    {
      name: `groups of a WITH query, optional, that is asked about the table beside them, by ${form}`,
      form,
      sql: `WITH v AS (${SHEET_OF_CUSTOMERS}) SELECT p.id, v.n, v.parcels FROM parcels p LEFT JOIN v ON v.id = p.customer WHERE v.region = 'a'`,
    },
    {
      name: `several groups that are put together, by ${form}`,
      form,
      sql: `SELECT v.id, coalesce(sum(v.n), 0), sum(v.parcels) FROM (${SHEET_OF_CUSTOMERS}) v WHERE v.id > 1 AND v.region = 'a' GROUP BY v.id`,
    },
  ]),
  {
    name: 'the first of numbered rows',
    form: 'rowsOfParents',
    sql: `SELECT x.* FROM (SELECT i.order_id, i.product, row_number() OVER (PARTITION BY i.order_id ORDER BY i.product, i.quantity, i.price, i.note) AS place FROM items i WHERE i.quantity > 0) x WHERE x.place <= 2`,
  },
  {
    name: 'which keys there are',
    form: 'rowsOfParents',
    sql: 'SELECT DISTINCT i.order_id AS which FROM items i WHERE i.price > 1 ORDER BY which',
  },
  { name: 'how many keys there are', form: 'rowsOfParents', sql: 'SELECT count(DISTINCT order_id) FROM items' },
  {
    name: 'which keys there are that are not NULL, within another query',
    form: 'rowsOfParents',
    sql: `SELECT c.name FROM customers c JOIN (SELECT o.customer FROM orders o WHERE o.customer IS NOT NULL AND o.state = 'open' GROUP BY o.customer) x ON x.customer = c.id`,
  },
  {
    name: 'both ways of a tie, of which each time those of one are chosen',
    form: 'withoutFences',
    sql: `WITH ties AS (SELECT c.id AS one, c.referrer AS other FROM customers c UNION ALL SELECT referrer, id FROM customers)
          SELECT x.other FROM ties x JOIN ties y ON y.other = x.other WHERE x.one = 1 AND y.one = 2`,
  },
  {
    name: 'the first value of each group, of all of its rows',
    form: 'firstOfGroups',
    sql: 'SELECT DISTINCT o.customer, first_value(o.discount) OVER (PARTITION BY o.customer ORDER BY o.placed DESC, o.id) AS last FROM orders o WHERE o.amount > 1',
  },
  {
    name: 'the first of an array',
    form: 'firstOfGroups',
    sql: 'SELECT o.customer, (array_agg(o.discount ORDER BY o.discount DESC NULLS LAST, o.id))[1], (array_agg(o.state ORDER BY o.discount DESC NULLS LAST, o.id))[1] AS state FROM orders o GROUP BY o.customer',
  },
  ...[
    [
      'moments of a date',
      `SELECT c.id, count(o.id) FROM customers c LEFT JOIN orders o ON date_trunc('day', o.placed) = c.joined GROUP BY c.id`,
    ],
    [
      'moments that are cast to a date, on the right',
      'SELECT p.id, o.id AS order_id FROM orders o, parcels p WHERE p.due = o.placed::date AND o.amount > 0',
    ],
    [
      'moments of the month of another moment',
      `SELECT p.id, o.id AS order_id FROM parcels p JOIN orders o ON date_trunc('month', o.placed) = date_trunc('month', p.sent)`,
    ],
    [
      'moments of the days of a series',
      `SELECT d.day, sum(o.amount) FROM generate_series(timestamp '2023-12-30', '2024-03-02', interval '1 day') AS d(day) LEFT JOIN orders o ON date_trunc('day', o.placed) = d.day AND o.state = 'open' GROUP BY d.day`,
    ],
    [
      'moments of the days of a series, by names alone',
      `SELECT d, count(amount) FROM generate_series(timestamp '2023-12-30', '2024-03-02', interval '1 day') d LEFT JOIN orders ON date_trunc('day', placed) = d GROUP BY d`,
    ],
    [
      'moments of the dates of a series',
      `SELECT d::date AS day, count(id) FROM generate_series('2023-12-30'::date, '2024-03-02', '1 day') d LEFT JOIN orders ON placed::date = d::date GROUP BY d ORDER BY d`,
    ],
    [
      'moments of the dates of a series in WITH',
      `WITH days AS (SELECT generate_series(date '2024-01-01', date '2024-01-20', interval '1 day')::date AS day) SELECT days.day, count(sent) FROM days LEFT JOIN parcels ON sent::date = days.day GROUP BY days.day`,
    ],
  ].map(([name = '', sql = '']): FormCase => ({ name, form: 'spelledComparisons', sql })),
  {
    name: 'EXISTS that is tied in either of two ways',
    form: 'eitherKey',
    sql: 'SELECT c.id FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.amount > 0 AND (o.customer = c.id OR o.customer = c.referrer))',
  },
  {
    name: 'a condition, or a subquery that another column than the key is held against',
    form: 'eitherKey',
    sql: "SELECT o.id, o.state FROM orders o WHERE o.state = 'open' OR o.customer IN (SELECT c.referrer FROM customers c WHERE c.region = 'a')",
  },
  {
    name: 'a condition, or a subquery that asks of other columns of the row',
    form: 'eitherKey',
    sql: 'SELECT o.id FROM orders o WHERE o.discount > 1 OR o.customer IN (SELECT c.id FROM customers c WHERE c.credit > o.amount) OR o.id = 2',
  },
  {
    name: 'two subqueries beside conditions of their table and of another',
    form: 'eitherKey',
    sql: `SELECT o.id, i.quantity FROM orders o JOIN items i ON i.order_id = o.id WHERE o.amount > 1 AND i.quantity > 1
          AND (o.customer IN (SELECT c.id FROM customers c WHERE c.region = 'a') OR o.id IN (SELECT p.customer FROM parcels p)) AND o.discount IS NULL`,
  },
  {
    name: 'NOT EXISTS that is tied in either of two ways',
    form: 'eitherKey',
    sql: 'SELECT c.id FROM customers c WHERE NOT EXISTS (SELECT 1 FROM customers d WHERE d.referrer = c.id OR d.id = c.referrer AND d.credit > c.credit)',
  },
];

const SHEET =
  'FROM customers c LEFT JOIN orders o ON o.customer = c.id LEFT JOIN orders p ON p.customer = c.id GROUP BY c.region';

const OPTIONAL = `FROM parcels p LEFT JOIN (${SHEET_OF_CUSTOMERS}) v ON v.id = p.customer`;

/** Statements that have not this form. */
export const UNWRITTEN: readonly FormCase[] = [
  ...[
    `SELECT o.id FROM orders o JOIN customers c ON c.referrer = o.customer WHERE c.region = 'a' OR o.id IN (SELECT i.order_id FROM items i)`,
    `SELECT o.id FROM orders o JOIN customers c ON c.id <> o.customer WHERE c.region = 'a' OR o.id IN (SELECT i.order_id FROM items i)`,
    `SELECT o.id FROM orders o JOIN customers c ON c.id = o.amount::float8 WHERE c.region = 'a' OR o.id IN (SELECT i.order_id FROM items i)`,
    `SELECT o.id FROM orders o LEFT JOIN customers c ON c.id = o.customer WHERE c.region IS NULL OR o.id IN (SELECT i.order_id FROM items i)`,
  ].map((sql): FormCase => ({ name: `a condition of rows that a row may lead to: ${sql}`, form: 'eitherKey', sql })),
  {
    name: 'groups of the first rows of another column that bears the asked name',
    form: 'selectedGroups',
    sql: `SELECT c.id, f.state FROM customers c JOIN (SELECT DISTINCT ON (customer) o.state, o.id AS customer, o.customer AS buyer FROM orders o ORDER BY customer) f ON f.buyer = c.id WHERE c.region = 'a'`,
  },
  {
    name: 'rows that are numbered within the parts of another table’s column of that name',
    form: 'selectedGroups',
    sql: `SELECT c.id, f.n FROM customers c JOIN (SELECT o.id, p.customer, row_number() OVER (PARTITION BY o.customer ORDER BY o.id) AS n FROM orders o JOIN parcels p ON p.id = o.id) f ON f.customer = c.id WHERE c.region = 'a'`,
  },
  ...NO_FULL_JOIN,
  ...NO_SERIES,
  ...NO_SHARED,
  ...NO_SELF,
  ...NO_BRANCHES,
  ...NO_GROUPING,
  ...NO_LEVELS,
  ...NO_HAVING,
  ...NO_PAGE,
  ...NO_ARMS,
  ...NO_ELEMENT,
  ...NO_NONE,
  ...NO_PRESENCE,
  ...NO_KEYED_PRESENCE,
  ...NO_SET,
  ...NO_STEP,
  ...NO_WINDOW,
  ...[
    [
      'moments of the day of a full join',
      `SELECT c.id FROM customers c FULL JOIN orders o ON date_trunc('day', o.placed) = c.joined`,
    ],
    ['moments of another of its own', `SELECT o.id FROM orders o WHERE date_trunc('day', o.placed) = o.shipped`],
    [
      'moments of an hour, which clocks give twice',
      `SELECT o.id FROM orders o JOIN parcels p ON date_trunc('hour', o.placed) = p.sent`,
    ],
    [
      'moments of a day in a named time zone',
      `SELECT o.id FROM orders o JOIN parcels p ON date_trunc('day', o.placed, 'Asia/Tokyo') = p.sent`,
    ],
  ].map(([name = '', sql = '']): FormCase => ({ name, form: 'spelledComparisons', sql })),
  {
    name: 'groups of an optional query of which there being none is asked',
    form: 'selectedGroups',
    sql: `SELECT p.id, v.n ${OPTIONAL} WHERE v.region IS NULL`,
  },
  {
    name: 'groups of an optional query for which a value stands where there is none',
    form: 'groupsOfEachRow',
    sql: `SELECT p.id, v.n ${OPTIONAL} WHERE coalesce(v.region, 'a') = 'a'`,
  },
  {
    name: 'groups of a query that is cut',
    form: 'selectedGroups',
    sql: `SELECT v.n FROM (${SHEET_OF_CUSTOMERS} ORDER BY c.id LIMIT 3) v WHERE v.region = 'a'`,
  },
  {
    name: 'optional groups of which some or none are asked for',
    form: 'selectedGroups',
    sql: `SELECT c.id, t.n FROM customers c LEFT JOIN (${TOTALS}) t ON t.customer = c.id WHERE t.customer IS NULL OR t.customer IN (SELECT d.id FROM customers d WHERE d.credit > 1)`,
  },
  {
    name: 'optional groups for which a key stands where there is none',
    form: 'selectedGroups',
    sql: `SELECT c.id, t.n FROM customers c LEFT JOIN (${TOTALS}) t ON t.customer = c.id WHERE coalesce(t.customer, 1) IN (SELECT d.id FROM customers d)`,
  },
  {
    name: 'groups that stand left of the rows that would ask for them, under a star',
    form: 'groupsOfEachRow',
    sql: `SELECT * FROM (${TOTALS}) t JOIN customers c ON t.customer = c.id WHERE c.region = 'a'`,
  },
  {
    name: 'groups that stand left of the rows that would ask for them, optional',
    form: 'groupsOfEachRow',
    sql: `SELECT c.id, t.n FROM (${TOTALS}) t LEFT JOIN customers c ON t.customer = c.id WHERE c.region = 'a'`,
  },
  ...(
    [
      ['that none may be in', 'c.id NOT IN', ''],
      ['or not', 'c.credit > 1 OR c.id IN', ''],
      ['that is cut', 'c.id IN', 'LIMIT 2'],
    ] as const
  ).map(([name, condition, cut]): FormCase => {
    const list = `SELECT o.customer FROM orders o GROUP BY o.customer HAVING count(*) > 1 ${cut}`;
    const sql = `SELECT c.id FROM customers c WHERE c.region = 'a' AND (${condition} (${list}))`;
    return { name: `a list of keys of groups ${name}`, form: 'selectedGroups', sql };
  }),
  {
    name: 'a list of what groups have most of',
    form: 'selectedGroups',
    sql: `SELECT c.id FROM customers c WHERE c.region = 'a' AND c.id IN (SELECT max(o.customer) FROM orders o GROUP BY o.state)`,
  },
  ...[...NO_LISTS_OF_ROWS, ...NO_ROWS_OF_GROUPS].flatMap(([name, sql]) =>
    (['selectedGroups', 'groupsOfEachRow'] as const).map(
      (form): FormCase => ({ name: `a list of rows of groups ${name}, by ${form}`, form, sql }),
    ),
  ),
  {
    name: 'groups by a number beside a column of another type that a list chooses among',
    form: 'selectedGroups',
    sql: `SELECT o.id, g.n FROM orders o LEFT JOIN (SELECT quantity::numeric AS q, count(*) AS n FROM items GROUP BY 1) g ON g.q = o.amount WHERE o.amount IN (SELECT c.credit FROM customers c)`,
  },
  {
    name: 'a list of keys in which the name of the asking rows is another table’s',
    form: 'groupsOfEachRow',
    sql: `SELECT c.id FROM customers c WHERE c.region = 'a' AND c.id IN (SELECT c.customer FROM orders c GROUP BY c.customer)`,
  },
  {
    name: 'groups in which the name of the asking rows is another table’s',
    form: 'groupsOfEachRow',
    sql: `SELECT c.id, t.n FROM customers c JOIN (SELECT c.customer, count(*) AS n FROM orders c GROUP BY c.customer) t ON t.customer = c.id WHERE c.region = 'a'`,
  },
  {
    name: 'distinct values of two kinds',
    form: 'groupedTwice',
    sql: 'SELECT state, count(DISTINCT customer), count(DISTINCT mood) FROM orders GROUP BY state',
  },
  {
    name: 'a sum of floating point beside distinct values',
    form: 'groupedTwice',
    sql: 'SELECT flag, count(DISTINCT sensor), sum(value) FROM readings GROUP BY flag',
  },
  {
    name: 'a column that hangs upon a key that is grouped',
    form: 'groupedTwice',
    sql: 'SELECT c.id, c.name, count(DISTINCT o.state) FROM customers c JOIN orders o ON o.customer = c.id GROUP BY c.id',
  },
  {
    name: 'distinct values in groups of several kinds',
    form: 'groupedTwice',
    sql: 'SELECT state, count(DISTINCT customer) FROM orders GROUP BY ROLLUP (state)',
  },
  ...[
    'r.value * 2',
    'CASE WHEN r.flag THEN 1 ELSE r.value END',
    'coalesce(r.sensor, 1.5::float8)',
    'r.sensor * r.at',
  ].map(
    (value): FormCase => ({
      name: `a sum of what is no exact number: ${value}`,
      form: 'groupedBefore',
      sql: `SELECT c.region, sum(${value}) FROM customers c JOIN readings r ON r.sensor = c.id GROUP BY c.region`,
    }),
  ),
  {
    name: 'a sum of both tables',
    form: 'groupedBefore',
    sql: 'SELECT c.region, sum(o.amount * c.credit) FROM customers c JOIN orders o ON o.customer = c.id GROUP BY c.region',
  },
  {
    name: 'sums of two tables that multiply each other',
    form: 'countedApart',
    sql: `SELECT c.region, sum(o.amount), count(DISTINCT p.id) ${SHEET}`,
  },
  {
    name: 'a count that is multiplied',
    form: 'countedApart',
    sql: `SELECT c.region, count(*), count(DISTINCT p.id) ${SHEET}`,
  },
  {
    name: 'a key that several rows meet',
    form: 'countedApart',
    sql: 'SELECT c.region, count(DISTINCT o.id) FROM customers c LEFT JOIN orders o ON o.customer = c.referrer GROUP BY c.region',
  },
  {
    name: 'rows of an optional table that WHERE chooses',
    form: 'ungrouped',
    sql: `SELECT c.id, count(*) FROM customers c LEFT JOIN orders o ON o.customer = c.id WHERE o.state = 'open' OR o.id IS NULL GROUP BY c.id`,
  },
  {
    name: 'groups by what is no key',
    form: 'ungrouped',
    sql: 'SELECT c.region, count(*) FROM customers c LEFT JOIN orders o ON o.customer = c.id GROUP BY c.region',
  },
  {
    name: 'a query of WITH that changes rows',
    form: 'withoutFences',
    sql: `WITH x AS MATERIALIZED (DELETE FROM items RETURNING order_id) SELECT order_id FROM x`,
  },
  {
    name: 'a recursive query of WITH',
    form: 'withoutFences',
    sql: 'WITH RECURSIVE x AS (SELECT id FROM customers WHERE referrer IS NULL UNION ALL SELECT c.id FROM customers c JOIN x ON c.referrer = x.id) SELECT id FROM x',
  },
  ...[
    {
      name: 'a recursion by what each step changes',
      sql: `(${REFERRED}) SELECT r.id FROM referred r WHERE r.depth = 1`,
    },
    {
      name: 'a recursion that is optional',
      sql: `(${REFERRED}) SELECT o.id FROM orders o LEFT JOIN referred r ON r.id = o.customer WHERE r.root IS NULL`,
    },
    {
      name: 'a recursion that is read twice',
      sql: `(${REFERRED}) SELECT a.id FROM referred a JOIN referred b ON b.id = a.id WHERE a.root = 1`,
    },
    {
      name: 'a recursion by what another table has too',
      sql: `(${REFERRED}) SELECT r.id FROM referred r JOIN orders o ON o.customer = r.id WHERE r.root = o.id`,
    },
    {
      name: 'a recursion by values of which equal ones differ',
      sql: `(SELECT c.id, c.credit AS root FROM customers c UNION SELECT n.id, x.root FROM customers n JOIN referred x ON n.referrer = x.id)
            SELECT x.id FROM referred x WHERE x.root::text = '1.0'`,
    },
    {
      name: 'a recursion whose step takes the column from elsewhere',
      sql: `(SELECT c.id, c.region AS root FROM customers c UNION ALL SELECT n.id, n.region FROM customers n JOIN referred x ON n.referrer = x.id)
            SELECT x.id FROM referred x WHERE x.root = 'a'`,
    },
    {
      name: 'a recursion whose columns change places',
      sql: `(SELECT c.id, c.id AS root, c.id AS other FROM customers c UNION ALL SELECT n.id, x.other, x.root FROM customers n JOIN referred x ON n.referrer = x.id)
            SELECT x.id FROM referred x WHERE x.root = 1`,
    },
    {
      name: 'a recursion beside a value that a row may have',
      sql: `(${REFERRED}) SELECT r.id, c.name FROM referred r LEFT JOIN customers c ON c.id = r.root AND c.id = 1`,
    },
    {
      name: 'a recursion whose least one row is compared with',
      sql: `(${REFERRED}), counted AS (SELECT r.id, min(r.root) AS root FROM referred r GROUP BY r.id) SELECT c.name, t.id FROM customers c JOIN counted t ON t.root = c.id WHERE c.id = 1`,
    },
    {
      name: 'a recursion whose groups are read twice',
      sql: `(${REFERRED}), counted AS (SELECT r.root, count(*) AS n FROM referred r GROUP BY r.root) SELECT t.n, (SELECT sum(n) FROM counted) AS whole FROM customers c JOIN counted t ON t.root = c.id WHERE c.id = 1`,
    },
    {
      name: 'a recursion of the first rows alone',
      sql: `((SELECT c.id, c.id AS root FROM customers c ORDER BY c.id LIMIT 2) UNION ALL SELECT n.id, x.root FROM customers n JOIN referred x ON n.referrer = x.id)
            SELECT x.id FROM referred x WHERE x.root = 1`,
    },
    {
      name: 'a recursion by a condition that fails on what is kept away',
      sql: `(SELECT c.id, c.name AS root FROM customers c WHERE c.name ~ '^[0-9]+$' UNION ALL SELECT n.id, x.root FROM customers n JOIN referred x ON n.referrer = x.id)
            SELECT x.id FROM referred x WHERE x.root::int = 1`,
    },
    {
      name: 'a recursion that is found by chance',
      sql: `(${REFERRED}) SELECT r.id FROM referred r WHERE r.root > random()`,
    },
  ].map(({ name, sql }): FormCase => ({ name, form: 'boundRecursion', sql: `WITH RECURSIVE referred AS ${sql}` })),
  {
    name: 'conditions on what a group has made',
    form: 'selectedGroups',
    sql: `SELECT t.customer FROM (${TOTALS}) t WHERE t.n IN (SELECT c.id FROM customers c)`,
  },
  {
    name: 'numbers of rows that are asked for from the end',
    form: 'rowsOfParents',
    sql: 'SELECT x.* FROM (SELECT order_id, row_number() OVER (PARTITION BY order_id ORDER BY product) AS place FROM items) x WHERE x.place > 2',
  },
  {
    name: 'numbers of rows beside another window',
    form: 'rowsOfParents',
    sql: 'SELECT x.* FROM (SELECT order_id, 1 + sum(quantity) OVER (PARTITION BY order_id) AS total, row_number() OVER (PARTITION BY order_id ORDER BY product) AS place FROM items) x WHERE x.place = 1',
  },
  {
    name: 'a query of WITH that locks further in',
    form: 'withoutFences',
    sql: 'WITH x AS MATERIALIZED (SELECT y.id FROM (SELECT id FROM orders FOR UPDATE) y) SELECT id FROM x WHERE id = 1',
  },
  {
    name: 'the first of arrays in two orders',
    form: 'firstOfGroups',
    sql: 'SELECT customer, (array_agg(state ORDER BY id))[1], (array_agg(state ORDER BY placed))[1] FROM orders GROUP BY customer',
  },
  {
    name: 'first values of groups that are not told',
    form: 'firstOfGroups',
    sql: 'SELECT DISTINCT first_value(state) OVER (PARTITION BY customer ORDER BY id) FROM orders',
  },
  { name: 'which keys there are, NULL among them', form: 'rowsOfParents', sql: 'SELECT DISTINCT customer FROM orders' },
];
