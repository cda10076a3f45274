import type { Node, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../../src/model/catalog.js';
import { oneOf, type Random } from '../../../src/random.js';
import { deparseStatement } from '../../../src/sql/deparse.js';
import { parseStatement } from '../../../src/sql/parse.js';
import { integerNode, notNode, referenceOf, replaceNode, stringNode } from '../../../src/sql/rewrite/nodes.js';
import { scanTokens } from '../../../src/sql/tokens.js';
import { bodyOf } from '../../../src/sql/walk.js';
import { setTrap } from './trap-mutations.js';

/** What a part of a statement may be exchanged for. */
type Role = 'condition' | 'value' | 'sublink';

/** A part of a statement, and what it may be exchanged for. */
export interface Slot {
  readonly node: Node;
  readonly role: Role | null;
}

const MUTATIONS_MOST = 3;
/** Texts whose tokens are mixed up, most of which are no SQL any more. */
const BROKEN_SHARE = 0.1;
/** Parts that are looked at for one that fits. */
const FITTING_TRIES = 12;

/** Makes statements out of others: parts of one take the place of parts of another, and words are changed. */
export class Mutations {
  private readonly trees: readonly Node[];
  private readonly parts: ReadonlyMap<Role, readonly Node[]>;
  private readonly catalog: Catalog;
  private readonly random: Random;

  constructor(statements: readonly string[], { catalog, random }: { catalog: Catalog; random: Random }) {
    this.trees = statements.map((sql) => parseStatement(sql).tree);
    const slots = this.trees.flatMap(slotsOf);
    const ofRole = (role: Role) => slots.filter((slot) => slot.role === role).map(({ node }) => node);
    this.parts = new Map((['condition', 'value', 'sublink'] as const).map((role) => [role, ofRole(role)]));
    this.catalog = catalog;
    this.random = random;
  }

  next(): string {
    const tree = structuredClone(oneOf(this.trees, this.random));
    for (let left = 1 + Math.floor(this.random() * MUTATIONS_MOST); left > 0; left--) this.mutate(tree);
    const sql = deparseStatement(tree) ?? 'SELECT';
    return this.random() < BROKEN_SHARE ? this.broken(sql) : sql;
  }

  private mutate(tree: Node): void {
    const slots = slotsOf(tree);
    const change = oneOf([exchange, exchange, reword, reword, reshape, wrap, setTrap, setTrap], this.random);
    change(oneOf(slots, this.random).node, slots, {
      random: this.random,
      catalog: this.catalog,
      part: (role) => this.part(role, slots),
    });
  }

  /** Of another statement, and mostly one whose aliases the tree has as well. */
  private part(role: Role, slots: readonly Slot[]): Node {
    const aliases = new Set(slots.flatMap(({ node }) => aliasOf(node) ?? []));
    let part = oneOf(this.parts.get(role) ?? [], this.random);
    for (let tries = 0; tries < FITTING_TRIES && !isAtHome(part, aliases); tries++)
      part = oneOf(this.parts.get(role) ?? [], this.random);
    return structuredClone(part);
  }

  private broken(sql: string): string {
    const tokens = scanTokens(sql);
    const { start, end, text } = oneOf(tokens, this.random);
    const by = oneOf(
      ['', `${text} ${text}`, '/*', "'", '"', '$1', '$$', '(', ')', 'é', '😀', '--', '\0', 'NULL'],
      this.random,
    );
    return `${sql.slice(0, start)}${by}${sql.slice(end)}`;
  }
}

function aliasOf(node: Node): string | null {
  const range = bodyOf(node, 'RangeVar');
  return range?.alias?.aliasname ?? range?.relname ?? bodyOf(node, 'RangeSubselect')?.alias?.aliasname ?? null;
}

function isAtHome(part: Node, outside: ReadonlySet<string>): boolean {
  const slots = slotsOf(part);
  const aliases = new Set([...outside, ...slots.flatMap(({ node }) => aliasOf(node) ?? [])]);
  return slots.every(({ node }) => {
    const reference = bodyOf(node, 'ColumnRef');
    const qualifier = reference === null ? null : (referenceOf(reference)?.qualifier ?? null);
    return qualifier === null || aliases.has(qualifier);
  });
}

/** What changes are chosen by. */
export interface Choice {
  readonly random: Random;
  readonly catalog: Catalog;
  part(role: Role): Node;
}

/** Nodes of a statement that can be changed, its queries among them. */
function slotsOf(tree: Node): readonly Slot[] {
  const slots: Slot[] = [];
  const read = (value: unknown, field: string): void => {
    if (Array.isArray(value)) for (const item of value) read(item, field);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return;
    const [kind = ''] = Object.keys(value);
    if (/^[A-Z]/.test(kind)) slots.push({ node: value as Node, role: roleOf(value as Node, field) });
    for (const [name, child] of Object.entries(value)) read(child, /^[A-Z]/.test(name) ? field : name);
  };
  read(tree, '');
  return slots;
}

const CONDITIONS = ['whereClause', 'havingClause', 'quals', 'agg_filter'];

function roleOf(node: Node, field: string): Role | null {
  const link = bodyOf(node, 'SubLink');
  if (link !== null) return link.subLinkType === 'EXPR_SUBLINK' ? 'sublink' : 'condition';
  if ('BoolExpr' in node || 'NullTest' in node || CONDITIONS.includes(field)) return 'condition';
  const operator = bodyOf(bodyOf(node, 'A_Expr')?.name?.[0], 'String')?.sval ?? '';
  if ('A_Expr' in node) return /^[<>=]/.test(operator) ? 'condition' : 'value';
  if ('ColumnRef' in node) return JSON.stringify(node).includes('A_Star') ? null : 'value';
  return 'FuncCall' in node || 'A_Const' in node || 'CoalesceExpr' in node ? 'value' : null;
}

/** Puts a part of another statement in the place of one. */
function exchange(_: Node, slots: readonly Slot[], { random, part }: Choice): void {
  const role = oneOf(['condition', 'value', 'sublink'] as const, random);
  const own = slots.filter((slot) => slot.role === role || (role === 'sublink' && slot.role === 'value'));
  if (own.length > 0) replaceNode(oneOf(own, random).node, part(role));
}

const COMPARISONS = ['=', '<>', '<', '<=', '>', '>='];
const AGGREGATES = ['count', 'sum', 'avg', 'min', 'max', 'array_agg', 'bool_or', 'stddev', 'first_value'];
const LINKS = ['EXISTS_SUBLINK', 'ANY_SUBLINK', 'ALL_SUBLINK', 'EXPR_SUBLINK', 'ARRAY_SUBLINK'] as const;
const JOINS = ['JOIN_INNER', 'JOIN_LEFT', 'JOIN_RIGHT', 'JOIN_FULL'] as const;

/** Changes a word of a node: an operator, a constant, a column, a function, a kind of join or of subquery. */
function reword(node: Node, slots: readonly Slot[], { random, catalog }: Choice): void {
  const reworded = slots.filter(({ node: each }) => WORDED.some((kind) => kind in each));
  const chosen = reworded.length === 0 ? node : oneOf(reworded, random).node;
  const expression = bodyOf(chosen, 'A_Expr');
  if (expression?.kind === 'AEXPR_OP')
    expression.name = [stringNode(oneOf([...COMPARISONS, '+', '-', '*', '/'], random))];
  const either = bodyOf(chosen, 'BoolExpr');
  if (either?.boolop !== undefined && either.boolop !== 'NOT_EXPR')
    either.boolop = oneOf(['AND_EXPR', 'OR_EXPR'], random);
  if ('A_Const' in chosen)
    replaceNode(chosen, oneOf<Node>([integerNode(0), integerNode(1), integerNode(3), NULL], random));
  const call = bodyOf(chosen, 'FuncCall');
  if (call !== null) {
    if (random() < 0.3) call.agg_distinct = !(call.agg_distinct ?? false);
    else call.funcname = [stringNode(oneOf(AGGREGATES, random))];
  }
  const join = bodyOf(chosen, 'JoinExpr');
  if (join !== null) join.jointype = oneOf(JOINS, random);
  const link = bodyOf(chosen, 'SubLink');
  if (link !== null) {
    link.subLinkType = oneOf(LINKS, random);
    if (random() < 0.5) link.operName = [stringNode(oneOf(COMPARISONS, random))];
  }
  const reference = bodyOf(chosen, 'ColumnRef');
  const named = reference === null ? null : referenceOf(reference);
  if (reference === null || named === null) return;
  const own = catalog.tables.flatMap((table) =>
    table.columns.filter(({ name }) => name === named.name).map((column) => ({ table, column })),
  )[0];
  const isAlike = random() < 0.8;
  const columns = (own?.table.columns ?? []).filter(
    (each) => !isAlike || each.typeCategory === own?.column.typeCategory,
  );
  if (columns.length > 0)
    reference.fields = [...(reference.fields ?? []).slice(0, -1), stringNode(oneOf(columns, random).name)];
}

const WORDED = ['A_Expr', 'BoolExpr', 'A_Const', 'FuncCall', 'JoinExpr', 'SubLink', 'ColumnRef'];
const NULL: Node = { A_Const: { isnull: true } };

/** Takes a clause off a query or gives it one more. */
function reshape(_: Node, slots: readonly Slot[], { random, part }: Choice): void {
  const queries = slots.flatMap(({ node }) => bodyOf(node, 'SelectStmt') ?? []);
  if (queries.length === 0) return;
  const select = oneOf(queries, random);
  const clauses = ['whereClause', 'sortClause', 'limitCount', 'groupClause', 'distinctClause', 'fromClause'] as const;
  const clause = oneOf(clauses, random);
  if (select[clause] !== undefined) delete select[clause];
  else Object.assign(select, added(select, clause, { random, part }));
}

function added(
  select: SelectStmt,
  clause: keyof SelectStmt,
  { random, part }: Pick<Choice, 'random' | 'part'>,
): Partial<SelectStmt> {
  switch (clause) {
    case 'whereClause':
      return { whereClause: part('condition') };
    case 'limitCount':
      return { limitCount: integerNode(1 + Math.floor(random() * 3)), limitOption: 'LIMIT_OPTION_COUNT' };
    case 'sortClause':
      return {
        sortClause: [
          { SortBy: { node: part('value'), sortby_dir: 'SORTBY_DESC', sortby_nulls: 'SORTBY_NULLS_DEFAULT' } },
        ],
      };
    case 'groupClause':
      return random() < 0.5
        ? { groupClause: [part('value')] }
        : { havingClause: part('condition'), ...grouped(select) };
    case 'distinctClause':
      return { distinctClause: [{}] as Node[] };
    default:
      return {};
  }
}

/** Groups a query by the columns that it selects. */
function grouped({ targetList = [] }: SelectStmt): Partial<SelectStmt> {
  const columns = targetList.flatMap((target) => {
    const value = bodyOf(target, 'ResTarget')?.val;
    return value !== undefined && 'ColumnRef' in value ? [structuredClone(value)] : [];
  });
  return columns.length === 0 ? {} : { groupClause: columns };
}

/** Puts something around a part. */
function wrap(_: Node, slots: readonly Slot[], { random, part }: Choice): void {
  const slot = oneOf(slots, random);
  const inner = structuredClone(slot.node);
  if (slot.role === 'condition') {
    const whole: Node[] = [
      notNode(inner),
      { BoolExpr: { boolop: random() < 0.7 ? 'AND_EXPR' : 'OR_EXPR', args: [inner, part('condition')] } },
      { NullTest: { arg: inner, nulltesttype: random() < 0.5 ? 'IS_NULL' : 'IS_NOT_NULL' } },
    ];
    replaceNode(slot.node, oneOf(whole, random));
  } else if (slot.role !== null) {
    const whole: Node[] = [
      { CoalesceExpr: { args: [inner, integerNode(0)] } },
      { A_Expr: { kind: 'AEXPR_OP', name: [stringNode('+')], lexpr: inner, rexpr: integerNode(1) } },
      { CaseExpr: { args: [{ CaseWhen: { expr: part('condition'), result: inner } }] } },
    ];
    replaceNode(slot.node, oneOf(whole, random));
  }
}
