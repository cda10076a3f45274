import type { Node, SelectStmt } from '@pgsql/types';
import { bodyOf } from '../walk.js';
import type { Sight } from './group-sources.js';
import { groupedMembers } from './grouped-members.js';
import type { JoinedTable } from './joined-tables.js';
import { rangeNode } from './nodes.js';
import { hasHeirs, primaryKeyOf } from './written-level.js';

/** Gives columns that tell the rows of a relation apart: a table's primary key, the keys of groups in WITH; else null. */
export function rowKeyOf(
  { item, relation }: Pick<JoinedTable, 'item' | 'relation'>,
  select: SelectStmt,
  sight: Sight,
): readonly string[] | null {
  if (relation.table !== null) return hasHeirs(relation.table, sight.catalog) ? null : primaryKeyOf(relation.table);
  const query = commonQueryOf(item, select);
  if (query === null) return null;
  const [member] = groupedMembers([{ node: rangeNode(query, relation.alias), isInner: true, quals: [] }], sight);
  const places = new Map<number, string>();
  for (const [name, output] of member?.outputs ?? []) if (output.kind === 'key') places.set(output.place, name);
  return member !== undefined && places.size === member.keys.length ? [...places.values()] : null;
}

/** Gives the query that a name in FROM stands for among those of WITH beside it; null for none, or with columns renamed. */
export function commonQueryOf(item: Node, { withClause }: SelectStmt): SelectStmt | null {
  const { relname, schemaname, alias } = bodyOf(item, 'RangeVar') ?? {};
  const common = (withClause?.ctes ?? [])
    .flatMap((node) => bodyOf(node, 'CommonTableExpr') ?? [])
    .find(({ ctename }) => ctename === relname);
  const isRenamed = common?.aliascolnames !== undefined || alias?.colnames !== undefined;
  if (relname === undefined || schemaname !== undefined || isRenamed || withClause?.recursive === true) return null;
  return bodyOf(common?.ctequery, 'SelectStmt');
}
