import type { A_Expr, Node } from '@pgsql/types';
import { deparseNode } from '../deparse.js';
import { columnKey, ingredientsOf, isConstant, keyOf, resolveColumn, type ScanKey, unqualified } from './expression.js';
import type { ScanBuilder, Scope } from './scope.js';
import type { KeyPredicate, ParameterUse, PredicateKind } from './table-scan.js';

/** What one conjunct says of one table. */
export type Atom =
  | { readonly kind: 'predicate'; readonly scan: ScanBuilder; readonly predicate: KeyPredicate }
  | { readonly kind: 'join'; readonly left: ScanKey; readonly right: ScanKey };

/** Where the analysis collects what it meets on the way. */
export interface AtomSink {
  readonly parameters: ParameterUse[];
}

const MIRRORED: Readonly<Record<string, string>> = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };
const KINDS: Readonly<Record<string, PredicateKind>> = {
  '=': 'equality',
  '<': 'range',
  '<=': 'range',
  '>': 'range',
  '>=': 'range',
};

/** Splits a condition into its conjuncts. */
function conjunctsOf(node: Node | undefined): readonly Node[] {
  if (node === undefined) return [];
  if ('BoolExpr' in node && node.BoolExpr.boolop === 'AND_EXPR') return (node.BoolExpr.args ?? []).flatMap(conjunctsOf);
  return [node];
}

/** Attaches every conjunct of a condition to the tables that it speaks of. */
export function attachCondition(condition: Node | undefined, scope: Scope, sink: AtomSink): void {
  for (const conjunct of conjunctsOf(condition)) {
    if ('BoolExpr' in conjunct && conjunct.BoolExpr.boolop === 'OR_EXPR') {
      attachDisjunction(conjunct.BoolExpr.args ?? [], scope, sink);
      continue;
    }
    attachComparison(conjunct, scope);
    for (const atom of atomsOf(conjunct, scope, sink)) attachAtom(atom);
  }
}

function attachAtom(atom: Atom): void {
  if (atom.kind === 'predicate') atom.scan.predicates.push(atom.predicate);
  else attachJoin(atom.left, atom.right);
}

/** Notes `a < b` of one table: no key can be seen in it, but an index may hold only the rows that meet it. */
function attachComparison(node: Node, scope: Scope): void {
  if (!('A_Expr' in node) || node.A_Expr.kind !== 'AEXPR_OP') return;
  const { lexpr, rexpr } = node.A_Expr;
  const left = lexpr === undefined ? null : resolveColumn(lexpr, scope);
  const right = rexpr === undefined ? null : resolveColumn(rexpr, scope);
  if (left === null || right === null || left.scan !== right.scan || left.column === right.column) return;
  const sql = deparseNode(unqualified(node, scope));
  if (sql !== null) left.scan.comparisons.push({ sql, columns: [left.column, right.column] });
}

/** Notes an equality between two tables on both of them: either side may be the inner one. */
export function attachJoin(left: ScanKey, right: ScanKey): void {
  left.scan.joins.push({ key: left.key, otherScan: right.scan.position, otherColumn: right.key.column });
  right.scan.joins.push({ key: right.key, otherScan: left.scan.position, otherColumn: left.key.column });
}

function attachDisjunction(args: readonly Node[], scope: Scope, sink: AtomSink): void {
  const arms = args.map((arm) => conjunctsOf(arm).flatMap((conjunct) => atomsOf(conjunct, scope, sink)));
  const scans = new Set(arms.flat().flatMap((atom) => (atom.kind === 'predicate' ? [atom.scan] : [])));
  for (const scan of scans) {
    const own = arms.map((arm) =>
      arm.flatMap((atom) => (atom.kind === 'predicate' && atom.scan === scan ? [atom.predicate] : [])),
    );
    if (own.every((predicates) => predicates.length > 0)) scan.disjunctions.push(own);
  }
}

/** Reads one conjunct; empty where no index key can be seen in it. */
function atomsOf(node: Node, scope: Scope, sink: AtomSink): readonly Atom[] {
  if ('A_Expr' in node) return comparisonAtoms(node.A_Expr, scope, sink);
  if ('NullTest' in node && node.NullTest.arg !== undefined) {
    const isNull = node.NullTest.nulltesttype === 'IS_NULL';
    return keyAtom(node.NullTest.arg, isNull ? 'equality' : 'range', isNull ? 'IS NULL' : 'IS NOT NULL', node, scope);
  }
  if ('BooleanTest' in node && node.BooleanTest.arg !== undefined) {
    return keyAtom(node.BooleanTest.arg, 'equality', 'IS', node, scope);
  }
  if ('BoolExpr' in node && node.BoolExpr.boolop === 'NOT_EXPR')
    return booleanAtom(node.BoolExpr.args?.[0], node, scope);
  return booleanAtom(node, node, scope);
}

/** A bare boolean column, or NOT of one. */
function booleanAtom(operand: Node | undefined, whole: Node, scope: Scope): readonly Atom[] {
  const column = operand === undefined ? null : resolveColumn(operand, scope);
  if (column === null) return [];
  const predicate = {
    key: columnKey(column.column),
    kind: 'equality',
    operator: '=',
    constantSql: constantSql(whole, scope),
  } as const;
  return [{ kind: 'predicate', scan: column.scan, predicate }];
}

function keyAtom(operand: Node, kind: PredicateKind, operator: string, whole: Node, scope: Scope): readonly Atom[] {
  const found = keyOf(operand, scope);
  if (found === null) return [];
  return [
    {
      kind: 'predicate',
      scan: found.scan,
      predicate: { key: found.key, kind, operator, constantSql: constantSql(whole, scope) },
    },
  ];
}

/** A comparison with the key side chosen. */
interface Comparison {
  readonly keySide: Node;
  readonly valueSide: Node;
  readonly kind: PredicateKind;
  readonly operator: string;
  readonly whole: A_Expr;
}

function comparisonAtoms(expression: A_Expr, scope: Scope, sink: AtomSink): readonly Atom[] {
  const { lexpr, rexpr } = expression;
  if (lexpr === undefined || rexpr === undefined) return [];
  const operator = operatorOf(expression);
  const comparison = { keySide: lexpr, valueSide: rexpr, whole: expression };
  switch (expression.kind) {
    case 'AEXPR_OP':
      return 'RowExpr' in lexpr && 'RowExpr' in rexpr
        ? rowPairs(lexpr.RowExpr.args ?? [], rexpr.RowExpr.args ?? [], operator).flatMap((pair) =>
            operatorAtoms(pair, scope, sink),
          )
        : operatorAtoms(expression, scope, sink);
    case 'AEXPR_OP_ANY':
    case 'AEXPR_IN':
      return operator === '=' ? oneSided({ ...comparison, kind: 'set', operator }, scope, sink) : [];
    case 'AEXPR_BETWEEN':
      return oneSided({ ...comparison, kind: 'range', operator: 'BETWEEN' }, scope, sink);
    case 'AEXPR_LIKE':
      return operator === '~~' ? oneSided({ ...comparison, kind: 'pattern', operator }, scope, sink) : [];
    default:
      return [];
  }
}

function operatorOf(expression: A_Expr): string {
  const name = expression.name?.at(-1);
  return name !== undefined && 'String' in name ? (name.String.sval ?? '') : '';
}

/** Row comparisons: equality speaks of every pair, an order comparison bounds only the first. */
function rowPairs(left: readonly Node[], right: readonly Node[], operator: string): readonly A_Expr[] {
  return left.slice(0, operator === '=' ? left.length : 1).flatMap((lexpr, position): A_Expr[] => {
    const rexpr = right[position];
    return rexpr === undefined ? [] : [{ kind: 'AEXPR_OP', name: [{ String: { sval: operator } }], lexpr, rexpr }];
  });
}

function operatorAtoms(whole: A_Expr, scope: Scope, sink: AtomSink): readonly Atom[] {
  const { lexpr: left, rexpr: right } = whole;
  const operator = operatorOf(whole);
  const kind = KINDS[operator];
  const mirrored = MIRRORED[operator];
  if (left === undefined || right === undefined || kind === undefined || mirrored === undefined) return [];
  const join = operator === '=' ? joinAtom(left, right, scope) : null;
  if (join !== null) return [join];
  const found = oneSided({ keySide: left, valueSide: right, kind, operator, whole }, scope, sink);
  return found.length > 0
    ? found
    : oneSided({ keySide: right, valueSide: left, kind, operator: mirrored, whole }, scope, sink);
}

function joinAtom(left: Node, right: Node, scope: Scope): Atom | null {
  const a = keyOf(left, scope);
  const b = keyOf(right, scope);
  return a !== null && b !== null && a.scan !== b.scan ? { kind: 'join', left: a, right: b } : null;
}

/** Reads a comparison of a table's key with something that does not read that table. */
function oneSided(
  { keySide, valueSide, kind, operator, whole }: Comparison,
  scope: Scope,
  sink: AtomSink,
): readonly Atom[] {
  const found = keyOf(keySide, scope);
  if (found === null) return [];
  const value = ingredientsOf(valueSide, scope);
  if (value.columns.some((column) => column.scan === found.scan)) return [];
  const written = kind === 'set' ? setOperator(whole) : operator;
  for (const number of directParameters(valueSide)) {
    sink.parameters.push({ number, role: 'comparison', table: found.scan.table, key: found.key, operator: written });
  }
  const predicate: KeyPredicate = {
    key: found.key,
    kind,
    operator,
    constantSql: constantSql({ A_Expr: whole }, scope),
  };
  return [{ kind: 'predicate', scan: found.scan, predicate }];
}

function setOperator(whole: A_Expr): string {
  return whole.kind === 'AEXPR_OP_ANY' ? '= ANY' : 'IN';
}

/** Parameters that are the compared value itself, a cast of one, or an element of a list of them. */
function directParameters(node: Node): readonly number[] {
  if ('ParamRef' in node) return [node.ParamRef.number ?? 0];
  if ('TypeCast' in node && node.TypeCast.arg !== undefined) return directParameters(node.TypeCast.arg);
  if ('List' in node) return (node.List.items ?? []).flatMap(directParameters);
  return [];
}

function constantSql(whole: Node, scope: Scope): string | null {
  const { parameters, opaque, columns } = ingredientsOf(whole, scope);
  if (parameters.length > 0 || opaque || new Set(columns.map((column) => column.scan)).size !== 1) return null;
  const isStable =
    !('A_Expr' in whole) ||
    [whole.A_Expr.rexpr, whole.A_Expr.lexpr].some((side) => side !== undefined && isConstant(side, scope));
  return isStable ? deparseNode(unqualified(whole, scope)) : null;
}
