import type { Session } from '../../src/postgres/session.js';
import { ExpectedShares, type PublishedStatistics } from './expected-shares.js';

/** Sampled statistics of TPC-H itself miss by this much; small shares by more. */
const SHARE_ERROR_MAX = 0.1;
/** Below this many rows a share says little. */
const ROWS_MIN = 100;
const PAGES_ERROR_MAX = 0.05;
const PAGES_MIN = 50;

interface Predicate {
  /** Number of the statement. */
  readonly statement: string;
  readonly table: string;
  readonly sql: string;
  readonly expected: number;
}

/** Prints sizes and the share of rows that each statement's predicates keep, beside TPC-H's; false where one is far. */
export async function checkShares(session: Session, published: PublishedStatistics, scale: number): Promise<boolean> {
  let isNear = await checkSizes(session, published, scale);
  console.log('\nstatement  predicate                                                        made  expected    error');
  for (const { statement, table, sql, expected } of predicatesOf(published)) {
    const { rows } = await session.query<{ share: number; kept: number }>(
      `SELECT (count(*) FILTER (WHERE ${sql})::float8 / count(*)) AS share, count(*) FILTER (WHERE ${sql})::float8 AS kept FROM ${table}`,
    );
    const { share = 0, kept = 0 } = rows[0] ?? {};
    const error = share / expected - 1;
    const isFar = Math.abs(error) > SHARE_ERROR_MAX && kept >= ROWS_MIN;
    isNear &&= !isFar;
    console.log(
      `${statement.padEnd(9)}  ${sql.slice(0, 58).padEnd(58)}  ${share.toFixed(5).padStart(9)} ` +
        `${expected.toFixed(5).padStart(9)} ${percent(error).padStart(9)}${isFar ? '  FAR' : ''}`,
    );
  }
  return isNear;
}

async function checkSizes(session: Session, published: PublishedStatistics, scale: number): Promise<boolean> {
  const { rows } = await session.query<{ relation: string; relpages: number; reltuples: number }>(
    `SELECT relname AS relation, relpages, reltuples FROM pg_catalog.pg_class
     WHERE relnamespace = 'public'::regnamespace AND relkind = 'r' ORDER BY relname`,
  );
  let isNear = true;
  console.log('table            rows      pages  pages expected    error');
  for (const { relation, relpages, reltuples } of rows) {
    const expected = (published.relations.find((other) => other.relation === relation)?.relpages ?? 0) * scale;
    const error = relpages / expected - 1;
    if (expected >= PAGES_MIN && Math.abs(error) > PAGES_ERROR_MAX) isNear = false;
    const figures = [String(reltuples).padStart(9), String(relpages).padStart(9), expected.toFixed(0).padStart(14)];
    console.log(`${relation.padEnd(10)} ${figures.join('  ')} ${expected < 1 ? '' : percent(error).padStart(9)}`);
  }
  return isNear;
}

/** Shares that no column statistics hold (expressions, products, patterns) follow from the specification's draws. */
function predicatesOf(published: PublishedStatistics): readonly Predicate[] {
  const shares = new ExpectedShares(published);
  const words = (statement: string, table: string, column: string, ...literals: readonly string[]): Predicate => ({
    statement,
    table,
    sql: `${column} IN (${literals.map((literal) => `'${literal}'`).join(', ')})`,
    expected: shares.ofWords(column, literals),
  });
  const dates = (statement: string, column: string, from: string, to: string): Predicate => ({
    statement,
    table: column.startsWith('o_') ? 'orders' : 'lineitem',
    sql: `${column} >= '${from}' AND ${column} < '${to}'`,
    expected: shares.ofDates(column, { from, to }),
  });
  const counted = (statement: string, key: string, sql: string): Predicate => ({
    statement,
    table: 'lineitem',
    sql,
    expected: published.counted[key] ?? 0,
  });
  const drawn = (statement: string, table: string, sql: string, expected: number): Predicate => ({
    statement,
    table,
    sql,
    expected,
  });
  return [
    dates('1', 'l_shipdate', '1900-01-01', '1998-09-03'),
    words('3', 'customer', 'c_mktsegment', 'BUILDING'),
    dates('3', 'o_orderdate', '1900-01-01', '1995-03-15'),
    dates('3', 'l_shipdate', '1995-03-16', '2000-01-01'),
    dates('4', 'o_orderdate', '1993-07-01', '1993-10-01'),
    counted('4, 21', 'share l_commitdate < l_receiptdate', 'l_commitdate < l_receiptdate'),
    dates('5', 'o_orderdate', '1994-01-01', '1995-01-01'),
    dates('6', 'l_shipdate', '1994-01-01', '1995-01-01'),
    drawn('6', 'lineitem', 'l_discount BETWEEN 0.05 AND 0.07', 3 / 11),
    drawn('6', 'lineitem', 'l_quantity < 24', 23 / 50),
    dates('7', 'l_shipdate', '1995-01-01', '1997-01-01'),
    drawn('8', 'part', "p_type = 'ECONOMY ANODIZED STEEL'", 1 / 150),
    dates('8', 'o_orderdate', '1995-01-01', '1997-01-01'),
    drawn('9', 'part', "p_name LIKE '%green%'", 5 / 92),
    dates('10', 'o_orderdate', '1993-10-01', '1994-01-01'),
    words('10', 'lineitem', 'l_returnflag', 'R'),
    drawn('11', 'supplier', 's_nationkey = 7', shares.ofWords('s_nationkey', ['7'])),
    words('12', 'lineitem', 'l_shipmode', 'MAIL', 'SHIP'),
    counted('12', 'share l_shipdate < l_commitdate', 'l_shipdate < l_commitdate'),
    counted('12', 'share of both', 'l_shipdate < l_commitdate AND l_commitdate < l_receiptdate'),
    dates('12', 'l_receiptdate', '1994-01-01', '1995-01-01'),
    drawn('13', 'orders', "o_comment LIKE '%special%requests%'", 0.0107),
    dates('14', 'l_shipdate', '1995-09-01', '1995-10-01'),
    drawn('14', 'part', "p_type LIKE 'PROMO%'", 1 / 6),
    dates('15', 'l_shipdate', '1996-01-01', '1996-04-01'),
    words('16', 'part', 'p_brand', 'Brand#45'),
    drawn('16', 'part', "p_type LIKE 'MEDIUM POLISHED%'", 1 / 30),
    drawn('16', 'part', 'p_size IN (49, 14, 23, 45, 19, 3, 36, 9)', 8 / 50),
    drawn('16', 'supplier', "s_comment LIKE '%Customer%Complaints%'", 0.0005),
    words('19', 'part', 'p_brand', 'Brand#12', 'Brand#23', 'Brand#34'),
    words('19', 'part', 'p_container', 'SM CASE', 'SM BOX', 'SM PACK', 'SM PKG'),
    words('19', 'lineitem', 'l_shipmode', 'AIR', 'AIR REG'),
    words('19', 'lineitem', 'l_shipinstruct', 'DELIVER IN PERSON'),
    words('21', 'orders', 'o_orderstatus', 'F'),
    drawn('22', 'customer', "substring(c_phone FROM 1 FOR 2) IN ('13', '31', '23', '29', '30', '18', '17')", 7 / 25),
    drawn('22', 'customer', 'c_acctbal > 0', 10 / 11),
    drawn('22', 'customer', 'c_custkey NOT IN (SELECT o_custkey FROM orders)', 1 / 3),
  ];
}

function percent(error: number): string {
  return `${(error * 100).toFixed(1)} %`;
}
