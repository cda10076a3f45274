import type { A_Expr, FuncCall, Node } from '@pgsql/types';
import { andParts } from '../and-parts.js';
import { noteComparison } from './column-comparison.js';
import { type Atom, type AtomSink, comparisonAtoms, constantSql, isRowList } from './comparisons.js';
import { keyOf, type ScanKey } from './expression.js';
import type { Scope } from './scope.js';
import type { PredicateKind } from './table-scan.js';
import { alikeKeys } from './union-arms.js';
import { noteUntold } from './untold-condition.js';

/** Attaches every conjunct of a condition to the tables that it speaks of. */
export function attachCondition(condition: Node | undefined, scope: Scope, sink: AtomSink): void {
  for (const conjunct of andParts(condition)) {
    const alternatives = alternativesOf(conjunct);
    if (alternatives !== null) {
      attachDisjunction(alternatives, scope, sink);
      noteUntold(conjunct, scope);
      continue;
    }
    if (!noteComparison(conjunct, scope)) noteUntold(conjunct, scope);
    for (const atom of atomsOf(conjunct, scope, sink)) attachAtom(atom);
  }
}

/** The sides of an OR, or null for another condition. The rows of a list want one index: the list stands for them. */
function alternativesOf(node: Node): readonly Node[] | null {
  if ('BoolExpr' in node && node.BoolExpr.boolop === 'OR_EXPR') return node.BoolExpr.args ?? [];
  return 'A_Expr' in node && isRowList(node.A_Expr) ? [node] : null;
}

function attachAtom(atom: Atom): void {
  if (atom.kind === 'join') {
    attachJoin(atom.left, atom.right);
    return;
  }
  const { scan, predicate } = atom;
  scan.predicates.push(predicate);
  for (const { scan: arm, key } of alikeKeys({ scan, key: predicate.key })) {
    const constantSql = key.column === predicate.key.column ? predicate.constantSql : null;
    attachAtom({ ...atom, scan: arm, predicate: { ...predicate, key, constantSql } });
  }
}

/** Notes an equality between two tables on both of them: either side may be the inner one. */
export function attachJoin(left: ScanKey, right: ScanKey): void {
  left.scan.joins.push({ key: left.key, otherScan: right.scan.position, otherColumn: right.key.column });
  right.scan.joins.push({ key: right.key, otherScan: left.scan.position, otherColumn: left.key.column });
  for (const arm of alikeKeys(left)) attachJoin(arm, right);
  for (const arm of alikeKeys(right)) attachJoin(left, arm);
}

function attachDisjunction(args: readonly Node[], scope: Scope, sink: AtomSink): void {
  const arms = args.map((arm) => andParts(arm).flatMap((conjunct) => atomsOf(conjunct, scope, sink)));
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
  if ('FuncCall' in node) return comparisonAtoms(operatorOfCall(node.FuncCall), scope, sink);
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

/** The function starts_with means its operator; any other call is no comparison. */
function operatorOfCall({ funcname, args }: FuncCall): A_Expr {
  const name = funcname?.at(-1);
  const isPrefix = name !== undefined && 'String' in name && name.String.sval === 'starts_with';
  const [lexpr, rexpr] = args ?? [];
  if (!isPrefix || lexpr === undefined || rexpr === undefined) return {};
  return { kind: 'AEXPR_OP', name: [{ String: { sval: '^@' } }], lexpr, rexpr };
}

/** A bare boolean column, NOT of one, or what a cast or coalesce() makes of one. */
function booleanAtom(operand: Node | undefined, whole: Node, scope: Scope): readonly Atom[] {
  const isRead =
    operand !== undefined && ('ColumnRef' in operand || 'TypeCast' in operand || 'CoalesceExpr' in operand);
  return isRead ? keyAtom(operand, 'equality', '=', whole, scope) : [];
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
