import type { Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { typeOfExpression } from '../analysis/key-type.js';
import { canonical } from '../canonical.js';
import { bodyOf, visit } from '../walk.js';
import { freeIn, freeReferences } from './free-references.js';
import { isOfGroups } from './grouped-level.js';
import { columnIn, commonTablesOf, type LevelRelation, relationIn, relationsOf } from './level-names.js';
import { comparisonOf, partsOf, referenceOf } from './nodes.js';
import type { SubquerySite } from './subquery-sites.js';

/** A subquery whose only ties to the rows around it are equalities. */
export interface KeyedSubquery {
  readonly keys: readonly SubqueryKey[];
  /** Conditions about its own rows alone. */
  readonly rest: readonly Node[];
  readonly relations: readonly LevelRelation[];
}

/** `inner = outer`. */
export interface SubqueryKey {
  readonly inner: Node;
  readonly outer: Node;
}

/**
 * Gives a subquery's keys; a text says why it has not such ones. What it gives may read the row around where that is left
 * standing there.
 */
export function keyedOf(site: SubquerySite, catalog: Catalog, left: readonly Node[] = []): KeyedSubquery | string {
  const { select, level } = site;
  // As it is now: a subquery of its own may have been written otherwise.
  const references = freeReferences(select, { catalog, commonTables: level.commonTables }).nodes;
  const commonTables = commonTablesOf(select.withClause, catalog, level.commonTables);
  const relations = relationsOf(select.fromClause ?? [], { catalog, commonTables });
  const context = { catalog, commonTables };
  const keys: SubqueryKey[] = [];
  const rest: Node[] = [];
  let explained = left.length;
  for (const part of partsOf(select.whereClause)) {
    const { nodes, isKnown } = freeIn(part, relations, context);
    if (!isKnown) return 'a column of it belongs to a relation that is not known';
    if (nodes.length === 0) rest.push(part);
    else {
      const key = tieOf(part, new Set(nodes));
      if (key === null) return 'it is tied to the row around it by more than equalities';
      keys.push(key);
      explained += nodes.length;
    }
  }
  if (keys.length === 0) return 'no equality ties it to the row around it';
  if (explained < references.length) return 'the row around it is read elsewhere than in its conditions';
  if (keys.some(({ outer }) => !isOfLevel(outer, level.relations)))
    return 'it is tied to a row further out than the one around it';
  if (isOfGroups(site, catalog) && keys.some(({ outer }) => !('ColumnRef' in outer)))
    return 'it is tied to what is made of the grouped columns';
  const loose = keys.find((key) => !isOneGroup(key, { relations, around: level.relations }));
  if (loose !== undefined) return 'the types of an equality may find one row under several keys, or are not known';
  return { keys, rest, relations };
}

/** Gives the sides of an equality of what is inside with what is around; null for any other condition. */
export function tieOf(part: Node, free: ReadonlySet<Node>): SubqueryKey | null {
  const comparison = comparisonOf(part);
  if (comparison?.operator !== '=') return null;
  const [left, right] = [sideOf(comparison.left, free), sideOf(comparison.right, free)];
  if (left === 'inner' && right === 'outer') return { inner: comparison.left, outer: comparison.right };
  if (left === 'outer' && right === 'inner') return { inner: comparison.right, outer: comparison.left };
  return null;
}

function sideOf(node: Node, free: ReadonlySet<Node>): 'inner' | 'outer' | 'other' {
  let [inner, outer, hasQuery] = [0, 0, false];
  const read = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) read(item);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    hasQuery ||= 'SubLink' in value;
    if ('ColumnRef' in value) {
      if (free.has(value as Node)) outer += 1;
      else inner += 1;
    } else for (const child of Object.values(value)) read(child);
  };
  read(node);
  if (hasQuery || (inner > 0 && outer > 0)) return 'other';
  return outer > 0 ? 'outer' : inner > 0 ? 'inner' : 'other';
}

function isOfLevel(outer: Node, relations: readonly LevelRelation[]): boolean {
  let isOwn = true;
  visit(outer, (kind, body) => {
    const named = kind === 'ColumnRef' ? referenceOf(body) : null;
    if (kind === 'ColumnRef') isOwn &&= named !== null && relationIn(relations, named) !== null;
  });
  return isOwn;
}

/** Types whose values stay apart when they are compared with those of the other type. */
const WIDER: Readonly<Record<string, readonly string[]>> = {
  smallint: ['integer', 'bigint', 'numeric'],
  integer: ['smallint', 'bigint', 'numeric'],
  bigint: ['smallint', 'integer', 'numeric'],
  text: ['character varying'],
  'character varying': ['text'],
};

/** Tells whether values of one type stay apart when they are written in the other one. */
export function isAsWide(type: string, other: string): boolean {
  return type === other || (WIDER[type] ?? []).includes(other);
}

/** Tells whether each value outside is equal to the values of one group inside at most. */
export function isOneGroup(
  { inner, outer }: SubqueryKey,
  { relations, around }: { readonly relations: readonly LevelRelation[]; readonly around: readonly LevelRelation[] },
): boolean {
  // Under a collation of its own two values may be equal that make two groups.
  if (canonical(outer).includes('"CollateClause"')) return false;
  const grouped = collationsOf(inner, relations);
  if (collationsOf(outer, around).some((collation) => !grouped.includes(collation))) return false;
  const [own, other] = [expressionType(inner, relations), expressionType(outer, around)];
  return own !== null && other !== null && isAsWide(own, other);
}

/** Collations other than their type's own that columns of an expression bear: it is compared under these. */
function collationsOf(node: Node, relations: readonly LevelRelation[]): readonly string[] {
  const found: string[] = [];
  visit(node, (kind, body) => {
    const named = kind === 'ColumnRef' ? referenceOf(body) : null;
    const collation = named === null ? null : (columnIn(relations, named)?.collation ?? null);
    if (collation !== null) found.push(collation);
  });
  return found;
}

/** Types of which equal values are the same. */
const WRITTEN_ONE_WAY: ReadonlySet<string> = new Set([
  ...['smallint', 'integer', 'bigint', 'uuid', 'text', 'character varying', 'date'],
  ...['timestamp without time zone', 'timestamp with time zone'],
]);

/** Tells whether values of an expression that are equal cannot be told apart otherwise either. */
export function isWrittenOneWay(node: Node, relations: readonly LevelRelation[]): boolean {
  return (
    WRITTEN_ONE_WAY.has(expressionType(node, relations) ?? '') &&
    collationsOf(node, relations).length === 0 &&
    !canonical(node).includes('"CollateClause"')
  );
}

/** Gives an expression's type without modifier where the catalog and its text tell it, else null. */
export function expressionType(node: Node, relations: readonly LevelRelation[]): string | null {
  return typeOfExpression(node, (reference) => {
    const named = 'ColumnRef' in reference ? referenceOf(reference.ColumnRef) : null;
    return named === null ? null : (columnIn(relations, named)?.baseType ?? null);
  });
}

/** Tells whether the catalog forbids NULL in what an expression reads; true of plain columns and of constants alone. */
export function isNeverNull(node: Node, relations: readonly LevelRelation[]): boolean {
  const constant = bodyOf(node, 'A_Const');
  if (constant !== null) return constant.isnull !== true;
  const reference = bodyOf(node, 'ColumnRef');
  const named = reference === null ? null : referenceOf(reference);
  const relation = named === null ? null : relationIn(relations, named);
  if (named === null || relation === null || relation.table === null || relation.isNullable) return false;
  return relation.columns?.get(named.name)?.notNull ?? false;
}

/** Clauses that make other rows of those that FROM and WHERE give. */
const SHAPING = ['groupClause', 'havingClause', 'distinctClause', 'limitCount', 'limitOffset', 'windowClause'] as const;

/** Clauses that a query may have whose rows are grouped, but that it is DISTINCT. */
export const GROUPING_CLAUSES = [
  'groupClause',
  'havingClause',
  'sortClause',
  'limitCount',
  'limitOffset',
  'withClause',
] as const;

/** Tells whether a query is FROM, WHERE and its targets, and of the other clauses these alone. */
export function isPlainBut(select: SelectStmt, allowed: readonly (keyof SelectStmt)[]): boolean {
  const others = [...SHAPING, 'sortClause', 'lockingClause', 'withClause', 'valuesLists'] as const;
  const isSimple = (select.op ?? 'SETOP_NONE') === 'SETOP_NONE' && (select.fromClause ?? []).length > 0;
  return isSimple && others.every((clause) => select[clause] === undefined || allowed.includes(clause));
}
