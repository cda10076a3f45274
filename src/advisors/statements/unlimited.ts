import type { Statistics } from '../../model/statistics.js';
import type { StatementBinding } from '../../model/workload.js';
import { deparseNode } from '../../sql/deparse.js';
import { bodyOf } from '../../sql/walk.js';
import { withBody } from '../../sql/with-node.js';
import type { Evidence } from '../advisor.js';
import { distinctValues, statisticsOf } from '../schema/column-statistics.js';
import { rowsOfTable } from '../schema/own-tables.js';
import { readText } from './read-statement.js';
import type { WrappedColumn } from './wrapped-columns.js';

/** Columns of which nearly every row has a value of its own, such as addresses and tokens. */
const DISTINCT_SHARE_MIN = 0.1;

/**
 * Tells whether LIMIT makes the planner believe in an early end: it takes what is made of a column to equal a value once in
 * 200 rows, and so reads a handful of them, where really all are read.
 */
export function isCutShort({ level, column, operator, comparison }: WrappedColumn, statistics: Statistics): boolean {
  const { table } = column.relation;
  const isPage = level.parent === null && level.link === null && level.select?.limitCount !== undefined;
  if (!isPage || table === null || operator !== '=' || comparison.kind !== 'AEXPR_OP') return false;
  const found = statisticsOf(statistics, table, column.name);
  return found !== null && distinctValues(found, table) >= rowsOfTable(table) * DISTINCT_SHARE_MIN;
}

/** Gives statements without the LIMIT of their outermost query; null where one cannot be written so. */
export function unlimited(
  bindings: readonly StatementBinding[],
  { catalog }: Evidence,
): readonly StatementBinding[] | null {
  const written = bindings.flatMap(({ sql, share }): StatementBinding[] => {
    const tree = readText(sql, catalog)?.tree;
    const select = bodyOf(tree, 'SelectStmt');
    if (tree === undefined || select === null) return [];
    const { limitCount: _, limitOffset: __, ...rest } = select;
    const text = deparseNode(withBody(tree, select, { ...rest, limitOption: 'LIMIT_OPTION_DEFAULT' }));
    return text === null ? [] : [{ sql: text, share }];
  });
  return written.length < bindings.length ? null : written;
}
