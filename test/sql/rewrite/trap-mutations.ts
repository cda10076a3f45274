import type { FuncCall, Node, SelectStmt } from '@pgsql/types';
import { oneOf, type Random } from '../../../src/random.js';
import { referenceOf, replaceNode, stringNode } from '../../../src/sql/rewrite/nodes.js';
import { bodyOf } from '../../../src/sql/walk.js';
import type { Choice, Slot } from './mutations.js';

/** What rewrites fall over, put into a statement: a clause, a cast, a collation, a value, a function that is not the same twice. */
export function setTrap(_: Node, slots: readonly Slot[], choice: Choice): void {
  oneOf(TRAPS, choice.random)(slots, choice);
}

type Trap = (slots: readonly Slot[], choice: Choice) => void;

/** Values that are equal to others and not the same, or to none. */
const VALUES: readonly (readonly [text: string, type: string | null])[] = [
  ['NaN', 'numeric'],
  ['-0', 'float8'],
  ['1.00', 'numeric'],
  ['infinity', 'timestamptz'],
  ['2024-01-01', 'date'],
  ['', null],
  ['a ', null],
  ['A', null],
];
const TYPES = ['text', 'numeric', 'int8', 'float8', 'bpchar', 'date', 'timestamptz'];
const VOLATILE = ['random', 'clock_timestamp', 'gen_random_uuid'];

const values: Trap = (slots, { random }) => {
  const constants = slots.filter(({ node }) => 'A_Const' in node || 'ParamRef' in node);
  if (constants.length === 0) return;
  const { node } = oneOf(constants, random);
  if (random() < 0.3) return replaceNode(node, { ParamRef: { number: 1 } });
  if (random() < 0.3) return replaceNode(node, { A_Const: { isnull: true } });
  const [text, type] = oneOf(VALUES, random);
  const constant: Node = { A_Const: { sval: { sval: text } } };
  replaceNode(node, type === null ? constant : castTo(constant, type));
};

const casts: Trap = (slots, { random }) => {
  const node = randomValue(slots, random);
  if (node !== null) replaceNode(node, castTo(structuredClone(node), oneOf(TYPES, random)));
};

const collations: Trap = (slots, { random }) => {
  const node = randomValue(slots, random);
  const name = oneOf(['C', 'POSIX', 'ucs_basic'], random);
  if (node !== null) replaceNode(node, { CollateClause: { arg: structuredClone(node), collname: [stringNode(name)] } });
};

const volatiles: Trap = (slots, { random, part }) => {
  const queries = queriesOf(slots);
  if (queries.length === 0) return;
  const select = oneOf(queries, random);
  const call: Node = {
    FuncCall: { funcname: [stringNode(oneOf(VOLATILE, random))], funcformat: 'COERCE_EXPLICIT_CALL' },
  };
  if (random() < 0.5) select.targetList = [...(select.targetList ?? []), { ResTarget: { val: call, name: 'drawn' } }];
  else {
    const draw: Node = {
      A_Expr: {
        ...{ kind: 'AEXPR_OP', name: [stringNode('<')] },
        ...{ lexpr: { FuncCall: { funcname: [stringNode('random')] } }, rexpr: { A_Const: { fval: { fval: '0.5' } } } },
      },
    };
    select.whereClause = { BoolExpr: { boolop: 'AND_EXPR', args: [select.whereClause ?? part('condition'), draw] } };
  }
};

const calls: Trap = (slots, { random, part }) => {
  const found = slots.flatMap(({ node }) => bodyOf(node, 'FuncCall') ?? []);
  if (found.length === 0) return;
  const call: FuncCall = oneOf(found, random);
  const kind = random();
  if (kind < 0.35) call.agg_filter = part('condition');
  else if (kind < 0.5) call.agg_distinct = true;
  else if (kind < 0.65) call.agg_order = [{ SortBy: { node: part('value') } }];
  else if (kind < 0.85) call.over = { partitionClause: random() < 0.5 ? [part('value')] : [], frameOptions: 1058 };
  else delete call.over;
};

const clauses: Trap = (slots, { random, part }) => {
  const queries = queriesOf(slots).filter(({ larg }) => larg === undefined);
  if (queries.length === 0) return;
  const select = oneOf(queries, random);
  const change = oneOf(
    [
      { lockingClause: [{ LockingClause: { strength: 'LCS_FORUPDATE' } }] },
      { limitCount: count(1), limitOption: 'LIMIT_OPTION_WITH_TIES' },
      { limitOffset: count(1) },
      { limitCount: count(0), limitOption: 'LIMIT_OPTION_COUNT' },
      { groupClause: [{ GroupingSet: { kind: 'GROUPING_SET_ROLLUP', content: [part('value')] } }] },
      { distinctClause: [part('value')] },
      {
        sortClause: [{ SortBy: { node: part('value'), sortby_nulls: 'SORTBY_NULLS_FIRST', sortby_dir: 'SORTBY_ASC' } }],
      },
    ],
    random,
  );
  Object.assign(select, change);
};

/** Arms of a UNION, and the kinds of it. */
const arms: Trap = (slots, { random, part }) => {
  const queries = queriesOf(slots);
  const unions = queries.filter(({ larg }) => larg !== undefined);
  if (unions.length > 0 && random() < 0.5) {
    const union = oneOf(unions, random);
    if (random() < 0.4) union.all = !(union.all ?? false);
    else union.op = oneOf(['SETOP_UNION', 'SETOP_EXCEPT', 'SETOP_INTERSECT'] as const, random);
    return;
  }
  const [select] = queries;
  if (select === undefined || select.larg !== undefined || select.sortClause !== undefined) return;
  const { withClause, ...arm } = structuredClone(select);
  const other = { ...structuredClone(arm), whereClause: part('condition') };
  for (const field of Object.keys(select)) delete (select as Record<string, unknown>)[field];
  Object.assign(select, { op: 'SETOP_UNION', limitOption: 'LIMIT_OPTION_DEFAULT', larg: arm, rarg: other });
  if (withClause !== undefined) select.withClause = withClause;
};

/** A column in the place of another one of any type, or of another relation. */
const columns: Trap = (slots, { random, catalog }) => {
  const references = slots.flatMap(({ node }) => bodyOf(node, 'ColumnRef') ?? []);
  if (references.length === 0) return;
  const reference = oneOf(references, random);
  const named = referenceOf(reference);
  const tables = catalog.tables.filter((table) => table.columns.some(({ name }) => name === named?.name));
  if (named === null || tables.length === 0) return;
  const { name } = oneOf(oneOf(tables, random).columns, random);
  reference.fields = [...(reference.fields ?? []).slice(0, -1), stringNode(name)];
};

/** A subquery stands beside a condition, so that either is enough. */
const either: Trap = (slots, { random, part }) => {
  const conditions = slots.filter(({ node, role }) => role === 'condition' && !('BoolExpr' in node));
  if (conditions.length === 0) return;
  const { node } = oneOf(conditions, random);
  const args = [structuredClone(node), part('condition')];
  replaceNode(node, { BoolExpr: { boolop: 'OR_EXPR', args } });
};

const TRAPS: readonly Trap[] = [
  ...[values, values, casts, collations, volatiles, calls, calls],
  ...[clauses, clauses, arms, columns, columns, either],
];

function queriesOf(slots: readonly Slot[]): SelectStmt[] {
  return slots.flatMap(({ node }) => bodyOf(node, 'SelectStmt') ?? []);
}

function randomValue(slots: readonly Slot[], random: Random): Node | null {
  const found = slots.filter(({ role }) => role === 'value');
  return found.length === 0 ? null : oneOf(found, random).node;
}

function castTo(arg: Node, type: string): Node {
  return { TypeCast: { arg, typeName: { names: [stringNode(type)], typemod: -1 } } };
}

function count(value: number): Node {
  return { A_Const: { ival: { ival: value } } };
}
