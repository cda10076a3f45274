import type { A_Expr, Node } from '@pgsql/types';
import { andParts } from './and-parts.js';
import { parseArrayLiteral } from './array-literal.js';
import { parseStatement } from './parse.js';
import { asParseFailure } from './parse-failure.js';
import { bodyOf } from './walk.js';

/** One of the conditions that a row meets to be in a partial index, or to pass a CHECK. */
export interface Conjunct {
  /** The same for the same condition. */
  readonly canonical: string;
  /** The one column that it tests, or null where it is about more than that. */
  readonly column: string | null;
  readonly kind: 'equality' | 'range' | 'null' | 'not null' | 'other';
  /** What the column may equal, as text; null where it is no equality with constants. */
  readonly values: readonly string[] | null;
}

/** Reads a condition as PostgreSQL prints it, or as a statement writes it, and gives the parts that all have to hold. */
export function conjunctsOf(condition: string | null): readonly Conjunct[] {
  if (condition === null) return [];
  try {
    const select = bodyOf(parseStatement(`SELECT WHERE ${condition}`).tree, 'SelectStmt');
    return andParts(select?.whereClause).map(conjunctOf);
  } catch (error) {
    if (asParseFailure(error) === null) throw error;
    // A server may print what the parser does not know yet: equal texts are equal conditions all the same.
    return [{ canonical: condition, column: null, kind: 'other', values: null }];
  }
}

function conjunctOf(node: Node): Conjunct {
  const canonical = JSON.stringify(node, (name, value) => (PLACE.test(name) ? undefined : value));
  return { canonical, ...(testOf(node) ?? { column: null, kind: 'other', values: null }) };
}

/** Fields that say where in the text a node stands. */
const PLACE = /location$|list_(start|end)$/;

type ColumnTest = Omit<Conjunct, 'canonical'>;

function testOf(node: Node): ColumnTest | null {
  const nullTest = bodyOf(node, 'NullTest');
  if (nullTest !== null) {
    const kind = nullTest.nulltesttype === 'IS_NULL' ? 'null' : 'not null';
    return { column: columnOf(nullTest.arg), kind, values: null };
  }
  const either = bodyOf(node, 'BoolExpr');
  if (either?.boolop === 'OR_EXPR') return eitherOf(either.args ?? []);
  const comparison = bodyOf(node, 'A_Expr');
  return comparison === null ? flagOf(node) : comparisonOf(comparison);
}

/** A boolean column by itself, or what is said of one. */
function flagOf(node: Node): ColumnTest | null {
  const negated = bodyOf(node, 'BoolExpr');
  const test = bodyOf(node, 'BooleanTest');
  if (test !== null && test.booltesttype !== 'IS_TRUE' && test.booltesttype !== 'IS_FALSE') return null;
  const column = columnOf(negated?.args?.[0] ?? test?.arg ?? node);
  return column === null ? null : equality(column, [String(negated === null && test?.booltesttype !== 'IS_FALSE')]);
}

/** `a = 'x' OR a = 'y' OR a IS NULL`: NULL passes a CHECK anyhow. */
function eitherOf(arms: readonly Node[]): ColumnTest | null {
  const tests = arms.map(testOf).filter((test) => test?.kind !== 'null');
  const [first] = tests;
  const values = tests.flatMap((test) => (test?.column === first?.column ? [test?.values] : [null]));
  if (first?.kind !== 'equality' || tests.length < arms.length - 1 || values.some((each) => each == null)) return null;
  return { ...first, values: values.flatMap((each) => each ?? []) };
}

const RANGES = ['<', '<=', '>', '>='];

function comparisonOf({ kind, name, lexpr, rexpr }: A_Expr): ColumnTest | null {
  const operator = bodyOf(name?.at(-1), 'String')?.sval ?? '';
  const column = columnOf(lexpr);
  if (column === null || rexpr === undefined) return null;
  if ((kind === 'AEXPR_OP_ANY' || kind === 'AEXPR_IN') && operator === '=') return equality(column, elementsOf(rexpr));
  if (kind !== 'AEXPR_OP') return null;
  const constant = constantOf(rexpr);
  if (operator === '=') return equality(column, [constant]);
  return RANGES.includes(operator) && constant !== null ? { column, kind: 'range', values: null } : null;
}

function equality(column: string, constants: readonly (string | null)[]): ColumnTest | null {
  const values = constants.flatMap((constant) => constant ?? []);
  return values.length === constants.length && values.length > 0 ? { column, kind: 'equality', values } : null;
}

function withoutCasts(node: Node | undefined): Node | undefined {
  const cast = bodyOf(node, 'TypeCast');
  return cast === null ? node : withoutCasts(cast.arg);
}

/** A plan may write a column with its table's name. */
function columnOf(node: Node | undefined): string | null {
  return bodyOf(bodyOf(withoutCasts(node), 'ColumnRef')?.fields?.at(-1), 'String')?.sval ?? null;
}

/** Of `IN (…)`, of `ARRAY[…]`, as a definition is printed, or of `'{…}'`, as a plan is. */
function elementsOf(node: Node): readonly (string | null)[] {
  const elements = bodyOf(node, 'List')?.items ?? bodyOf(withoutCasts(node), 'A_ArrayExpr')?.elements;
  if (elements !== undefined) return elements.map(constantOf);
  const literal = constantOf(node);
  return literal?.startsWith('{') ? parseArrayLiteral(literal) : [];
}

/** Gives the text of a constant, under whatever casts; null for NULL and for anything else. */
export function constantOf(node: Node): string | null {
  const constant = bodyOf(withoutCasts(node), 'A_Const');
  if (constant === null || constant.isnull === true) return null;
  if (constant.sval !== undefined) return constant.sval.sval ?? '';
  // The parser leaves out what is zero.
  if (constant.ival !== undefined) return String(constant.ival.ival ?? 0);
  if (constant.boolval !== undefined) return String(constant.boolval.boolval ?? false);
  return constant.fval?.fval ?? null;
}
