import type { Node } from '@pgsql/types';
import { bodyOf, visit } from '../walk.js';
import type { LevelRelation } from './level-names.js';
import { referenceOf, stringNode } from './nodes.js';

/** Gives names that a statement does not use. */
export class FreshNames {
  private readonly used = new Set<string>();

  constructor(tree: Node) {
    visit(tree, (_, body) => {
      for (const value of Object.values(body)) if (typeof value === 'string') this.used.add(value.toLowerCase());
    });
  }

  /** Keeps names from being given that stand beside those given without being written in the statement. */
  keepFrom(names: Iterable<string>): void {
    for (const name of names) this.used.add(name.toLowerCase());
  }

  next(stem: string): string {
    let name = stem;
    for (let number = 2; this.used.has(name); number++) name = `${stem}_${number}`;
    this.used.add(name);
    return name;
  }
}

/**
 * Names the columns that PostgreSQL names itself and that hold subqueries, or what else is to be replaced, so that what
 * takes their place bears the same names.
 */
export function keepColumnNames(
  targets: readonly Node[] | undefined,
  isReplaced: (value: Node) => boolean = holdsQuery,
): void {
  for (const target of targets ?? []) {
    const body = bodyOf(target, 'ResTarget');
    if (body?.val !== undefined && body.name === undefined && isReplaced(body.val)) body.name = nameOf(body.val);
  }
}

/** Tells whether outputs call a window function, which sees other rows than its own. */
export function callsWindow(targets: unknown): boolean {
  let found = false;
  visit(targets, (kind, body) => {
    found ||= kind === 'FuncCall' && body['over'] !== undefined;
    return !found && kind !== 'SubLink';
  });
  return found;
}

/** Tells whether an expression holds a subquery. */
export function holdsQuery(value: unknown): boolean {
  let holds = false;
  visit(value, (kind) => {
    holds ||= kind === 'SubLink';
    return !holds;
  });
  return holds;
}

/**
 * Writes `*` as `a.*, b.*`, so that a further relation adds no columns. False where columns of a join are merged or a
 * relation has no name.
 */
export function spellStars(
  targets: Node[] | undefined,
  items: readonly Node[],
  relations: readonly LevelRelation[],
): boolean {
  const stars = (targets ?? []).filter((target) => {
    const reference = bodyOf(bodyOf(target, 'ResTarget')?.val, 'ColumnRef');
    return reference !== null && reference.fields?.length === 1 && isStarNode({ ColumnRef: reference });
  });
  if (stars.length === 0) return true;
  if (mergesColumns(items) || relations.some(({ alias }) => alias === '')) return false;
  for (const star of stars) {
    const spelled = relations.map(
      ({ alias }): Node => ({
        ResTarget: { val: { ColumnRef: { fields: [stringNode(alias), { A_Star: {} }] } } },
      }),
    );
    targets?.splice(targets.indexOf(star), 1, ...spelled);
  }
  return true;
}

function mergesColumns(items: readonly Node[]): boolean {
  let merges = false;
  visit(items, (kind, body) => {
    if (kind === 'JoinExpr') merges ||= body['isNatural'] === true || body['usingClause'] !== undefined;
    return kind !== 'SelectStmt';
  });
  return merges;
}

function isStarNode(node: Node): boolean {
  return bodyOf(node, 'ColumnRef')?.fields?.some((field) => 'A_Star' in field) ?? false;
}

/** The name that PostgreSQL gives a column without one (FigureColname of parse_target.c, the common cases). */
function nameOf(node: Node): string {
  const reference = bodyOf(node, 'ColumnRef');
  if (reference !== null) return referenceOf(reference)?.name ?? '?column?';
  const cast = bodyOf(node, 'TypeCast');
  if (cast !== null) {
    const inner = cast.arg === undefined ? '?column?' : nameOf(cast.arg);
    return inner !== '?column?' && inner !== 'case' ? inner : lastOf(cast.typeName?.names);
  }
  const call = bodyOf(node, 'FuncCall');
  if (call !== null) return lastOf(call.funcname);
  const { arg, indirection = [] } = bodyOf(node, 'A_Indirection') ?? {};
  const field = indirection.flatMap((each) => bodyOf(each, 'String')?.sval ?? []).at(-1);
  if (arg !== undefined) return field ?? nameOf(arg);
  if ('CoalesceExpr' in node) return 'coalesce';
  if ('CaseExpr' in node) return elseName(node.CaseExpr.defresult);
  if ('A_ArrayExpr' in node) return 'array';
  if ('RowExpr' in node) return 'row';
  const minMax = bodyOf(node, 'MinMaxExpr');
  if (minMax !== null) return minMax.op === 'IS_LEAST' ? 'least' : 'greatest';
  const link = bodyOf(node, 'SubLink');
  if (link?.subLinkType === 'EXISTS_SUBLINK') return 'exists';
  if (link?.subLinkType === 'ARRAY_SUBLINK') return 'array';
  if (link?.subLinkType === 'EXPR_SUBLINK') return subqueryName(link.subselect);
  return bodyOf(node, 'A_Expr')?.kind === 'AEXPR_NULLIF' ? 'nullif' : '?column?';
}

/** A CASE is named after its ELSE where that has a name of its own. */
function elseName(node: Node | undefined): string {
  const name = node === undefined ? '?column?' : nameOf(node);
  return name === '?column?' ? 'case' : name;
}

function subqueryName(query: Node | undefined): string {
  const target = bodyOf(bodyOf(query, 'SelectStmt')?.targetList?.[0], 'ResTarget');
  if (target?.name !== undefined) return target.name;
  return target?.val === undefined ? '?column?' : nameOf(target.val);
}

function lastOf(names: readonly Node[] | undefined): string {
  return bodyOf(names?.at(-1), 'String')?.sval ?? '?column?';
}
