import type { Node } from '@pgsql/types';
import { canonical } from '../canonical.js';
import { bodyOf } from '../walk.js';

/**
 * What ON CONFLICT leaves in a column of the values that several calls of one key bring: the first or the last of them
 * (`known`: that is not NULL), or what they come to together.
 */
export type Merge = 'first' | 'last' | 'first known' | 'last known' | 'sum' | 'greatest' | 'least' | 'any' | 'all';

/** A column of an INSERT with what VALUES gives it. */
export interface InsertedColumn {
  readonly name: string;
  readonly value: Node;
}

/**
 * Tells what becomes of a column's values by what ON CONFLICT sets it to (undefined: nothing); null for what the calls
 * have to do one by one.
 */
export function mergeOf(column: InsertedColumn, set: Node | undefined): Merge | null {
  if (set === undefined || isOld(set, column)) return 'first';
  if (isNew(set, column)) return 'last';
  const sides = sidesOf(set);
  if (sides === null) return null;
  const { kind, one, other } = sides;
  const isBoth = (isOld(one, column) && isNew(other, column)) || (isNew(one, column) && isOld(other, column));
  if (kind === 'coalesce') return !isBoth ? null : isOld(one, column) ? 'first known' : 'last known';
  if (isBoth) return kind;
  const [old, added] = isNew(other, column) ? [one, other] : [other, one];
  return kind === 'sum' && isOldOrConstant(old, column) && isNew(added, column) ? 'sum' : null;
}

/** Gives the nodes of what is set that stand for the value of the call itself, to be written `excluded.column`. */
export function repeatedValues(set: Node, column: InsertedColumn): readonly Node[] {
  const sides = sidesOf(set);
  const asked = sides === null ? [set] : [sides.one, sides.other];
  return asked.filter((node) => isSame(node, column.value) && !isExcluded(node, column));
}

type Sides = {
  readonly kind: Exclude<Merge, 'first' | 'last' | 'first known' | 'last known'> | 'coalesce';
  readonly one: Node;
  readonly other: Node;
};

/** Of an expression with two sides. */
function sidesOf(set: Node): Sides | null {
  const { kind, name, lexpr, rexpr } = bodyOf(set, 'A_Expr') ?? {};
  if (kind === 'AEXPR_OP' && name?.length === 1 && bodyOf(name[0], 'String')?.sval === '+')
    return lexpr === undefined || rexpr === undefined ? null : { kind: 'sum', one: lexpr, other: rexpr };
  const extreme = bodyOf(set, 'MinMaxExpr');
  if (extreme !== null) return pairOf(extreme.op === 'IS_LEAST' ? 'least' : 'greatest', extreme.args);
  const logical = bodyOf(set, 'BoolExpr');
  if (logical !== null && logical.boolop !== 'NOT_EXPR')
    return pairOf(logical.boolop === 'AND_EXPR' ? 'all' : 'any', logical.args);
  return pairOf('coalesce', bodyOf(set, 'CoalesceExpr')?.args);
}

function pairOf(kind: Sides['kind'], args: readonly Node[] = []): Sides | null {
  const [one, other, third] = args;
  return one === undefined || other === undefined || third !== undefined ? null : { kind, one, other };
}

/** `t.n`, `coalesce(t.n, 0)`: what no row was there for begins with the first value itself. */
function isOldOrConstant(node: Node, column: InsertedColumn): boolean {
  const [first, second] = bodyOf(node, 'CoalesceExpr')?.args ?? [];
  if (first === undefined) return isOld(node, column);
  return isOld(first, column) && bodyOf(second, 'A_Const') !== null;
}

function isOld(node: Node, { name }: InsertedColumn): boolean {
  const names = namesOf(node);
  return names.length > 1 && names[0] !== 'excluded' && names.at(-1) === name;
}

function isNew(node: Node, column: InsertedColumn): boolean {
  return isExcluded(node, column) || isSame(node, column.value);
}

function isExcluded(node: Node, { name }: InsertedColumn): boolean {
  const names = namesOf(node);
  return names.length === 2 && names[0] === 'excluded' && names[1] === name;
}

function namesOf(node: Node): readonly string[] {
  return (bodyOf(node, 'ColumnRef')?.fields ?? []).map((field) => bodyOf(field, 'String')?.sval ?? '*');
}

/** The same expression, wherever it stands. */
function isSame(one: Node, other: Node): boolean {
  return canonical(one) === canonical(other);
}
