import type { Node, WindowDef } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { bodyOf } from '../walk.js';
import { freeIn } from './free-references.js';
import { isNeverNull } from './keyed-subquery.js';
import { relationsOf } from './level-names.js';
import { comparisonOf, integerNode, partsOf, referenceOf } from './nodes.js';
import type { SubquerySite } from './subquery-sites.js';

/** What ties a subquery to the row around it where both read the same table, each column compared with itself. */
export interface OwnTies {
  /** Columns in which its rows are equal to the one around. */
  readonly keys: readonly Node[];
  /** The column in which its rows come before, or after, the one around; null for none. */
  readonly order: OwnOrder | null;
  /** Conditions about its own rows alone. */
  readonly rest: readonly Node[];
}

interface OwnOrder {
  readonly column: Node;
  /** Of its rows with the one around. */
  readonly operator: '<' | '<=' | '>' | '>=';
}

const OTHERS = 'it is tied by other columns than the same ones, or by some that may be NULL';

/** Gives a subquery's ties to its own table; a text says why it has not such ones. */
export function ownTiesOf({ select, level, references }: SubquerySite, catalog: Catalog): OwnTies | string {
  const context = { catalog, commonTables: level.commonTables };
  const relations = relationsOf(select.fromClause ?? [], context);
  const keys: Node[] = [];
  const rest: Node[] = [];
  let order: OwnOrder | null = null;
  for (const part of partsOf(select.whereClause)) {
    const { nodes, isKnown } = freeIn(part, relations, context);
    if (!isKnown) return 'a column of it belongs to a relation that is not known';
    if (nodes.length === 0) {
      rest.push(part);
      continue;
    }
    const tie = tieOf(part, new Set(nodes));
    if (tie === null || !isNeverNull(tie.column, level.relations)) return OTHERS;
    if (tie.operator === '=') keys.push(tie.column);
    else if (order === null) order = { column: tie.column, operator: tie.operator };
    else return 'it is tied by more than one order';
  }
  const explained = keys.length + (order === null ? 0 : 1);
  if (explained === 0) return 'nothing ties it to the row around it';
  return explained < references.length
    ? 'the row around it is read elsewhere than in its conditions'
    : { keys, order, rest };
}

/** `inner.a <= outer.a`, either way round. */
function tieOf(
  part: Node,
  free: ReadonlySet<Node>,
): { readonly column: Node; readonly operator: '=' | OwnOrder['operator'] } | null {
  const comparison = comparisonOf(part);
  if (comparison === null) return null;
  const { left, right, operator } = comparison;
  const isLeftOuter = free.has(left);
  const [inner, outer] = isLeftOuter ? [right, left] : [left, right];
  const name = columnName(inner);
  if (free.has(inner) || !free.has(outer) || name === null || name !== columnName(outer)) return null;
  const [seen, mirrored] = OPERATORS[operator] ?? [];
  const own = isLeftOuter ? mirrored : seen;
  return own === undefined ? null : { column: outer, operator: own };
}

/** An operator as it stands, and with its sides exchanged. */
const OPERATORS: Readonly<Record<string, readonly ['=' | OwnOrder['operator'], '=' | OwnOrder['operator']]>> = {
  '=': ['=', '='],
  '<': ['<', '>'],
  '<=': ['<=', '>='],
  '>': ['>', '<'],
  '>=': ['>=', '<='],
};

function columnName(node: Node): string | null {
  const reference = bodyOf(node, 'ColumnRef');
  return reference === null ? null : (referenceOf(reference)?.name ?? null);
}

/** FRAMEOPTION_DEFAULTS of the parser: all rows up to the current one and those that are equal to it. */
const UP_TO_EQUALS = 1058;
/** GROUPS BETWEEN UNBOUNDED PRECEDING AND 1 PRECEDING: all rows before those that are equal to the current one. */
const BEFORE_EQUALS = 4153;

/** Gives the window whose rows are those of the subquery. */
export function windowOf({ keys, order }: OwnTies): WindowDef {
  const partition = keys.length === 0 ? {} : { partitionClause: [...keys] };
  if (order === null) return { ...partition, frameOptions: UP_TO_EQUALS };
  const { column, operator } = order;
  const sortby_dir = operator.startsWith('<') ? 'SORTBY_ASC' : 'SORTBY_DESC';
  const orderClause: Node[] = [{ SortBy: { node: column, sortby_dir, sortby_nulls: 'SORTBY_NULLS_DEFAULT' } }];
  return operator.endsWith('=')
    ? { ...partition, orderClause, frameOptions: UP_TO_EQUALS }
    : { ...partition, orderClause, frameOptions: BEFORE_EQUALS, endOffset: integerNode(1) };
}
