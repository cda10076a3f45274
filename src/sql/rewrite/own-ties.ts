import type { Node, WindowDef } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { bodyOf } from '../walk.js';
import { freeIn } from './free-references.js';
import { isNeverNull } from './keyed-subquery.js';
import { relationsOf } from './level-names.js';
import { columnName, comparisonOf, integerNode, partsOf } from './nodes.js';
import { comparisonsOf, frameOf, type OwnSpan, offsetEndOf, type SpanEnd, spanOf } from './own-spans.js';
import type { SubquerySite } from './subquery-sites.js';
import { columnType } from './written-column.js';

/** What ties a subquery to the row around it where both read the same table, each column compared with itself. */
export interface OwnTies {
  /** Columns in which its rows are equal to the one around. */
  readonly keys: readonly Node[];
  /** The columns in which its rows come before, or after, the one around; null for none. */
  readonly order: OwnOrder | null;
  /** How near its rows are to the one around; null where they are not tied so. Never beside an order. */
  readonly span: OwnSpan | null;
  /** Conditions about its own rows alone. */
  readonly rest: readonly Node[];
  /** Those of the columns that may be NULL, with which no row meets the one around. */
  readonly nullable: readonly Node[];
}

/** Columns of the row around, the first of them deciding before the second. */
interface OwnOrder {
  readonly columns: readonly Node[];
  /** Of its rows with the one around. */
  readonly operator: Direction;
}

type Direction = '<' | '<=' | '>' | '>=';

interface Tie extends SpanEnd {
  /** Of the row around. */
  readonly columns: readonly Node[];
  readonly operator: '=' | Direction;
}

type DirectedTie = Tie & { readonly operator: Direction };

/** How the conditions of a subquery over several tables are read. */
export interface TieReading {
  /** Its conditions, those of its joins among them. */
  readonly parts: readonly Node[];
  /** Names a column by the relation around that it is of, or is alike to; null for anything else. */
  readonly nameOf: NameOf;
}

type NameOf = (node: Node | undefined) => string | null;

/** Gives a subquery's ties to its own table, or tables; a text says why it has not such ones. */
export function ownTiesOf(
  { select, level, references }: SubquerySite,
  catalog: Catalog,
  joined: TieReading | null = null,
): OwnTies | string {
  const nameOf = joined?.nameOf ?? columnName;
  const context = { catalog, commonTables: level.commonTables };
  const relations = relationsOf(select.fromClause ?? [], context);
  const standing = level.kind === 'select' ? { select: level.body, sight: context } : null;
  const typeOf = (column: Node) => columnType(column, level.relations, standing);
  const keys: Node[] = [];
  const directed: DirectedTie[] = [];
  const rest: Node[] = [];
  let explained = 0;
  for (const part of joined?.parts ?? partsOf(select.whereClause)) {
    const { nodes, isKnown } = freeIn(part, relations, context);
    if (!isKnown) return 'a column of it belongs to a relation that is not known';
    if (nodes.length === 0) {
      rest.push(part);
      continue;
    }
    const free = new Set(nodes);
    for (const comparison of comparisonsOf(part)) {
      const isOfOne = joined === null;
      const tie = tieOf(comparison, { free, nameOf }) ?? (isOfOne ? offsetEndOf(comparison, free, typeOf) : null);
      if (tie === null) return 'it is tied by other columns than the same ones';
      if (isDirected(tie)) directed.push(tie);
      else keys.push(...tie.columns);
    }
    explained += nodes.length;
  }
  if (explained === 0) return 'nothing ties it to the row around it';
  if (explained < references.length) return 'the row around it is read elsewhere than in its conditions';
  const [first, second] = directed;
  const order = first === undefined || second !== undefined || first.offset !== undefined ? null : first;
  const span = order === null ? spanOf(directed) : null;
  if (first !== undefined && order === null && span === null) return 'it is tied by more than one order';
  const isNullable = (column: Node) => !isNeverNull(column, level.relations);
  const ordering = span === null ? (order?.columns ?? []) : [span.column];
  // Of two rows one column of which is NULL the other columns may decide.
  if (ordering.length > 1 && ordering.some(isNullable)) return 'it is tied by several columns that may be NULL';
  return { keys, order, span, rest, nullable: [...keys, ...ordering].filter(isNullable) };
}

function isDirected(tie: Tie): tie is DirectedTie {
  return tie.operator !== '=';
}

interface Naming {
  /** References to the row around. */
  readonly free: ReadonlySet<Node>;
  readonly nameOf: NameOf;
}

/** `inner.a <= outer.a`, either way round, and of several columns at once. */
function tieOf(part: Node, naming: Naming): Tie | null {
  const comparison = comparisonOf(part);
  if (comparison === null) return spelledOrder(part, naming);
  const { free, nameOf } = naming;
  const { left, right, operator } = comparison;
  const [lefts, rights] = [columnsOf(left), columnsOf(right)];
  const isLeftOuter = lefts.every((node) => free.has(node));
  const [outer, inner] = isLeftOuter ? [lefts, rights] : [rights, lefts];
  const isSame = outer.every((node, place) => {
    const name = nameOf(node);
    return free.has(node) && name !== null && name === nameOf(inner[place]);
  });
  if (!isSame || outer.length !== inner.length || inner.some((node) => free.has(node))) return null;
  const [seen, mirrored] = OPERATORS[operator] ?? [];
  const own = isLeftOuter ? mirrored : seen;
  return own === undefined ? null : { columns: outer, operator: own };
}

/** An operator as it stands, and with its sides exchanged. */
const OPERATORS: Readonly<Record<string, readonly ['=' | Direction, '=' | Direction]>> = {
  '=': ['=', '='],
  '<': ['<', '>'],
  '<=': ['<=', '>='],
  '>': ['>', '<'],
  '>=': ['>=', '<='],
};

function columnsOf(node: Node): readonly Node[] {
  return bodyOf(node, 'RowExpr')?.args ?? [node];
}

/** `a < x OR a = x AND b < y`, which is what `(a, b) < (x, y)` says. */
function spelledOrder(part: Node, naming: Naming): Tie | null {
  const { boolop, args = [] } = bodyOf(part, 'BoolExpr') ?? {};
  if (boolop !== 'OR_EXPR' || args.length !== 2) return null;
  const plain = args.find((arg) => comparisonOf(arg) !== null);
  const before = plain === undefined ? null : tieOf(plain, naming);
  const ties = partsOf(args.find((arg) => arg !== plain)).map((each) => tieOf(each, naming));
  const equal = ties.find((tie) => tie?.operator === '=');
  const then = ties.find((tie) => tie != null && tie.operator !== '=');
  if (before == null || equal == null || then == null || ties.length !== 2) return null;
  const { nameOf } = naming;
  const isSame = before.columns.length === 1 && nameOf(before.columns[0]) === nameOf(equal.columns[0]);
  const isStrict = before.operator === '<' || before.operator === '>';
  return isSame && isStrict && equal.columns.length === 1 && then.operator.startsWith(before.operator)
    ? { columns: [...before.columns, ...then.columns], operator: then.operator }
    : null;
}

/** FRAMEOPTION_DEFAULTS of the parser: all rows up to the current one and those that are equal to it. */
const UP_TO_EQUALS = 1058;
/** GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING: all rows before those that are equal to the current one. */
const BEFORE_EQUALS = 4153;
/** The same as ROWS, which is cheaper: no two rows are equal. */
const UP_TO_CURRENT = 1077;
const BEFORE_CURRENT = 4149;

/** Gives the window whose rows are those of the subquery, wherever the columns are not NULL. */
export function windowOf({ keys, order, span, nullable }: OwnTies, isApart: boolean): WindowDef {
  const partition = keys.length === 0 ? {} : { partitionClause: [...keys] };
  if (span !== null) return { ...partition, ...frameOf(span) };
  if (order === null) return { ...partition, frameOptions: UP_TO_EQUALS };
  const { columns, operator } = order;
  const sortby_dir = operator.startsWith('<') ? 'SORTBY_ASC' : 'SORTBY_DESC';
  const orderClause = columns.map((node): Node => {
    const isFirst = sortby_dir === 'SORTBY_DESC' && nullable.includes(node);
    return { SortBy: { node, sortby_dir, sortby_nulls: isFirst ? 'SORTBY_NULLS_LAST' : 'SORTBY_NULLS_DEFAULT' } };
  });
  return operator.endsWith('=')
    ? { ...partition, orderClause, frameOptions: isApart ? UP_TO_CURRENT : UP_TO_EQUALS }
    : { ...partition, orderClause, frameOptions: isApart ? BEFORE_CURRENT : BEFORE_EQUALS, endOffset: integerNode(1) };
}
