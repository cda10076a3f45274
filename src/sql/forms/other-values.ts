import type { Node } from '@pgsql/types';
import type { Catalog, Constraint } from '../../model/catalog.js';
import { type Conjunct, conjunctsOf, constantOf } from '../conjuncts.js';
import { deparseStatement } from '../deparse.js';
import { columnIn, isSameColumn, type LevelColumn, type QueryLevel, storedColumn } from '../levels/query-level.js';
import { readLevels } from '../levels/read-levels.js';
import { parseStatement } from '../parse.js';
import { comparisonOf, integerNode, operatorNode, removePart, replaceNode, stringNode } from '../rewrite/nodes.js';
import { hasHeirs } from '../rewrite/written-level.js';
import { bodyOf } from '../walk.js';

/**
 * Writes `state <> 'done'` as `state IN ('new', 'open')` where a CHECK names all values that the column may have and an index
 * begins with it, several such conditions of WHERE as one: both are NULL of NULL. Null where a statement has none such.
 */
export function otherValues(sql: string, catalog: Catalog): string | null {
  const { tree } = parseStatement(sql);
  const changed = readLevels(tree, catalog).filter((level) => listOthers(level, catalog));
  return changed.length === 0 ? null : deparseStatement(tree);
}

function listOthers(level: QueryLevel, catalog: Catalog): boolean {
  const exclusions = level.conditions
    .filter(({ join }) => join === null)
    .flatMap(({ node }) => exclusionOf(node, level) ?? []);
  let isChanged = false;
  for (const first of exclusions) {
    const all = exclusions.filter(({ column }) => isSameColumn(column, first.column));
    if (all[0] !== first) continue;
    const excluded = new Set(all.flatMap(({ values }) => values));
    const others = allowedIn(first.column, catalog)?.filter((value) => !excluded.has(value)) ?? [];
    if (others.length === 0) continue;
    replaceNode(first.node, listNode(first.reference, others, first.isNumber));
    const { select } = level;
    if (select !== null) for (const { node } of all.slice(1)) removePart(select, 'whereClause', node);
    isChanged = true;
  }
  return isChanged;
}

/** A condition that a column is none of some values. */
interface Exclusion {
  readonly node: Node;
  readonly reference: Node;
  readonly column: LevelColumn;
  readonly values: readonly string[];
  readonly isNumber: boolean;
}

/** `column <> 'a'`, `column NOT IN ('a', 'b')`, `NOT column = 'a'`. */
function exclusionOf(node: Node, level: QueryLevel): Exclusion | null {
  const negation = bodyOf(node, 'BoolExpr');
  const [inner] = negation?.boolop === 'NOT_EXPR' ? (negation.args ?? []) : [];
  const listed = listedIn(inner ?? node, inner === undefined ? '<>' : '=');
  const column = columnIn(level, listed?.reference);
  const kind = column === null ? null : kindOf(column);
  if (listed === null || column === null || column.level !== level || kind === null) return null;
  const values = listed.constants.map((each) => writtenValue(each, kind));
  if (values.includes(null)) return null;
  const known = values.flatMap((value) => value ?? []);
  return { node, reference: listed.reference, column, values: known, isNumber: kind === 'number' };
}

function listedIn(
  node: Node,
  operator: '=' | '<>',
): { readonly reference: Node; readonly constants: readonly Node[] } | null {
  const comparison = comparisonOf(node);
  if (comparison !== null)
    return comparison.operator === operator ? { reference: comparison.left, constants: [comparison.right] } : null;
  const { kind, name, lexpr, rexpr } = bodyOf(node, 'A_Expr') ?? {};
  const items = kind === 'AEXPR_IN' ? bodyOf(rexpr, 'List')?.items : undefined;
  const isAsked = bodyOf(name?.[0], 'String')?.sval === operator;
  return lexpr === undefined || items === undefined || !isAsked ? null : { reference: lexpr, constants: items };
}

type Kind = 'text' | 'number';

/** Types of which equal values are written alike. */
function kindOf(column: LevelColumn): Kind | null {
  const stored = storedColumn(column);
  if (stored === undefined || stored.collation !== null) return null;
  if (/^(text|character varying)\b/.test(stored.baseType)) return 'text';
  return /^(smallint|integer|bigint)$/.test(stored.baseType) ? 'number' : null;
}

/** Gives a constant as it is written, uncast; null for anything else. */
function writtenValue(node: Node, kind: Kind): string | null {
  const constant = bodyOf(node, 'A_Const');
  const isOfKind = kind === 'text' ? constant?.sval !== undefined : constant?.ival !== undefined;
  return isOfKind ? constantOf(node) : null;
}

/** Gives the values that a CHECK leaves a column; null where none tells. */
function allowedIn(column: LevelColumn, catalog: Catalog): readonly string[] | null {
  const { table } = column.relation;
  if (table === null || table.kind !== 'table' || hasHeirs(table, catalog)) return null;
  if (!table.indexes.some(({ valid, keys: [first] }) => valid && first?.column === column.name)) return null;
  for (const conjunct of table.constraints.flatMap(conjunctsOfCheck))
    if (conjunct.kind === 'equality' && conjunct.column === column.name && isOfColumnItself(conjunct))
      return conjunct.values;
  return null;
}

function conjunctsOfCheck({ kind, definition, validated }: Constraint): readonly Conjunct[] {
  const condition = /^CHECK \((.*)\)$/s.exec(definition)?.[1];
  return kind === 'check' && validated && condition !== undefined ? conjunctsOf(condition) : [];
}

/** A cast to anything but text may make one of several values, another collation too. */
function isOfColumnItself({ canonical }: Conjunct): boolean {
  const types = [...canonical.matchAll(/"names":(\[[^\]]*\])/g)].map(([, names = '']) => names);
  const isText = (names: string) => /"sval":"(text|varchar)"\}\}\]$/.test(names);
  return types.every(isText) && !/"(CollateClause|typmods)"/.test(canonical);
}

function listNode(reference: Node, values: readonly string[], isNumber: boolean): Node {
  const items = values.map(
    (value): Node => (isNumber ? integerNode(Number(value)) : { A_Const: { sval: { sval: value } } }),
  );
  const [only, ...others] = items;
  if (only !== undefined && others.length === 0) return operatorNode('=', reference, only);
  return { A_Expr: { kind: 'AEXPR_IN', name: [stringNode('=')], lexpr: reference, rexpr: { List: { items } } } };
}
