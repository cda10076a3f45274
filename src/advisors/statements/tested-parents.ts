import type { ColumnRef, JoinExpr, Node, NullTest } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { deparseNode } from '../../sql/deparse.js';
import { areOneType } from '../../sql/forms/column-types.js';
import {
  columnIn,
  type LevelColumn,
  type LevelRelation,
  type QueryLevel,
  storedColumn,
} from '../../sql/levels/query-level.js';
import { columnNode } from '../../sql/rewrite/nodes.js';
import { hasHeirs } from '../../sql/rewrite/written-level.js';
import { visit } from '../../sql/walk.js';
import { withNodes } from '../../sql/with-node.js';
import { foreignKeysOf } from '../index-hygiene/foreign-keys.js';
import { isSame } from '../schema/own-tables.js';
import { usesOf } from './column-uses.js';
import { equalityOf } from './equalities.js';
import { hasOwnName, joinsIn } from './from-items.js';
import type { NeedlessJoin } from './needless-joins.js';
import type { ReadStatement } from './read-statement.js';

/**
 * Gives the tables that a level joins by LEFT JOIN along an enforced key of one column to ask nothing but whether there is a
 * row: the key is NULL just where there is none.
 */
export function testedParents(
  level: QueryLevel,
  { read, catalog }: { readonly read: ReadStatement; readonly catalog: Catalog },
): readonly NeedlessJoin[] {
  const joins = joinsIn(level.select?.fromClause);
  if (joins.some(hasOwnName)) return [];
  return joins.flatMap((join): NeedlessJoin[] => {
    const link = linkOf(join, level, catalog);
    const text = link === null ? null : withoutParent(join, link, read);
    return link === null || text === null ? [] : [{ relations: [link.parent.relation], kind: 'tested', text }];
  });
}

/** A column and the key that it refers to. */
interface Link {
  readonly child: LevelColumn;
  readonly parent: LevelColumn;
}

function linkOf(join: JoinExpr, level: QueryLevel, catalog: Catalog): Link | null {
  const sides = join.jointype === 'JOIN_LEFT' && join.quals !== undefined ? equalityOf(join.quals) : null;
  const [one, other] = (sides ?? []).map((side) => columnIn(level, side));
  if (one == null || other == null || !areOneType([one, other])) return null;
  const isJoined = ({ relation }: LevelColumn) => isItem(join.rarg, relation) && relation.optionalIn === join;
  const link = isJoined(one) ? { child: other, parent: one } : { child: one, parent: other };
  return isJoined(link.parent) && isSure(link, level, catalog) ? link : null;
}

function isItem(item: Node | undefined, { node }: LevelRelation): boolean {
  return item !== undefined && Object.values(item)[0] === Object.values(node)[0];
}

/** Every value of the column but NULL leads to one row, which is seen. */
function isSure({ child, parent }: Link, level: QueryLevel, catalog: Catalog): boolean {
  const [from, to] = [child.relation.table, parent.relation.table];
  if (from === null || to === null || child.level !== level || child.relation.optionalIn !== null) return false;
  if (to.rowSecurity?.enforced === true || [from, to].some((table) => hasHeirs(table, catalog))) return false;
  return foreignKeysOf(from).some(
    ({ constraint, columns, target }) =>
      constraint.validated &&
      !/ DEFERRABLE/.test(constraint.definition) &&
      isSame(target.table, to) &&
      columns.length === 1 &&
      columns[0] === child.name &&
      target.columns[0] === parent.name,
  );
}

/** Null where anything else is read of it, or nothing. */
function withoutParent(join: JoinExpr, { child, parent }: Link, read: ReadStatement): string | null {
  const tests = testsIn(parent);
  const tested = new Set(tests.map(({ reference }) => reference));
  const within = new Set<ColumnRef>();
  visit(join.quals, (kind, body) => {
    if (kind === 'ColumnRef') within.add(body as ColumnRef);
    return true;
  });
  const uses = usesOf(parent.relation, read);
  const isAsked = uses?.every((each) => within.has(each) || tested.has(each)) ?? false;
  if (!isAsked || tests.length === 0 || join.larg === undefined) return null;
  const key = columnNode(child.relation.alias, child.name);
  const asked = tests.map(({ test }) => [test, { NullTest: { ...test, arg: key } }] as const);
  return deparseNode(withNodes(read.tree, new Map<object, Node>([...asked, [join, join.larg]])));
}

interface AskedColumn {
  readonly test: NullTest;
  readonly reference: ColumnRef;
}

/** Tests for NULL of what every row of a relation has; those of queries within may stand where other names hold. */
function testsIn(parent: LevelColumn): readonly AskedColumn[] {
  const found: AskedColumn[] = [];
  visit(parent.level.select ?? undefined, (kind, body) => {
    if (kind === 'NullTest') {
      const test = body as NullTest;
      const column = columnIn(parent.level, test.arg);
      if (
        column?.relation === parent.relation &&
        hasValue(column, parent) &&
        test.arg !== undefined &&
        'ColumnRef' in test.arg
      )
        found.push({ test, reference: test.arg.ColumnRef });
    }
    return kind !== 'SelectStmt' && kind !== 'SubLink';
  });
  return found;
}

/** A value of several fields counts as NULL where all of them are. */
function hasValue(column: LevelColumn, key: LevelColumn): boolean {
  const stored = storedColumn(column);
  return stored !== undefined && stored.typeCategory !== 'C' && (stored.notNull || column.name === key.name);
}
