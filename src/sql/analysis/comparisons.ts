import type { A_Expr, Node } from '@pgsql/types';
import { deparseNode } from '../deparse.js';
import { bodyOf } from '../walk.js';
import { ingredientsOf, isConstant, keyOf, type ScanKey, unqualified } from './expression.js';
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

/** How an index uses an operator, and which one means the same with its sides exchanged, or null for none. */
interface OperatorUse {
  readonly kind: PredicateKind;
  readonly mirrored: string | null;
}

/** Which type an operator is of, the key's own type tells. */
const OPERATORS: Readonly<Record<string, OperatorUse>> = {
  '=': { kind: 'equality', mirrored: '=' },
  '<': { kind: 'range', mirrored: '>' },
  '<=': { kind: 'range', mirrored: '>=' },
  '>': { kind: 'range', mirrored: '<' },
  '>=': { kind: 'range', mirrored: '<=' },
  // Of network addresses: those of a network are one stretch.
  '<<=': { kind: 'range', mirrored: null },
  '~~': { kind: 'pattern', mirrored: null },
  '~~*': { kind: 'pattern', mirrored: null },
  '~': { kind: 'pattern', mirrored: null },
  '~*': { kind: 'pattern', mirrored: null },
  '^@': { kind: 'pattern', mirrored: null },
  // Of a condition these are pg_trgm's likeness: as arithmetic they are no condition.
  '%': { kind: 'pattern', mirrored: '%' },
  '%>': { kind: 'pattern', mirrored: '<%' },
  '<%': { kind: 'pattern', mirrored: '%>' },
  '@>': { kind: 'containment', mirrored: '<@' },
  '<@': { kind: 'containment', mirrored: '@>' },
  '&&': { kind: 'containment', mirrored: '&&' },
  '?': { kind: 'containment', mirrored: null },
  '?|': { kind: 'containment', mirrored: null },
  '?&': { kind: 'containment', mirrored: null },
  '@?': { kind: 'containment', mirrored: null },
  '@@': { kind: 'containment', mirrored: '@@' },
};

/** Operators that the grammar has words for. */
const PATTERN_SYNTAX: ReadonlySet<string> = new Set(['AEXPR_LIKE', 'AEXPR_ILIKE']);

/** Reads a comparison; empty where no index key can be seen in it. */
export function comparisonAtoms(expression: A_Expr, scope: Scope, sink: AtomSink): readonly Atom[] {
  const { lexpr, rexpr } = expression;
  if (lexpr === undefined || rexpr === undefined) return [];
  const operator = operatorOf(expression);
  const comparison = { keySide: lexpr, valueSide: rexpr, whole: expression };
  if (operator === '<>' && expression.kind === 'AEXPR_OP') return exclusionAtoms(comparison, scope);
  switch (expression.kind) {
    case 'AEXPR_OP':
      return 'RowExpr' in lexpr && 'RowExpr' in rexpr
        ? rowPairs(lexpr.RowExpr.args ?? [], rexpr.RowExpr.args ?? [], operator).flatMap((pair) =>
            operatorAtoms(pair, scope, sink),
          )
        : operatorAtoms(expression, scope, sink);
    case 'AEXPR_OP_ANY':
    case 'AEXPR_IN':
      if (isRowList(expression)) return rowListAtoms(lexpr, rexpr, { scope, sink });
      if (operator === '=') return oneSided({ ...comparison, kind: 'set', operator }, scope, sink);
      if (operator === '<>' && expression.kind === 'AEXPR_IN') return exclusionAtoms(comparison, scope);
      return OPERATORS[operator]?.kind === 'pattern'
        ? oneSided({ ...comparison, kind: 'pattern', operator: `${operator} ANY` }, scope, sink)
        : [];
    case 'AEXPR_BETWEEN':
      return oneSided({ ...comparison, kind: 'range', operator: 'BETWEEN' }, scope, sink);
    default:
      return PATTERN_SYNTAX.has(expression.kind ?? '') && OPERATORS[operator] !== undefined
        ? oneSided({ ...comparison, kind: 'pattern', operator }, scope, sink)
        : [];
  }
}

function operatorOf(expression: A_Expr): string {
  const name = expression.name?.at(-1);
  return name !== undefined && 'String' in name ? (name.String.sval ?? '') : '';
}

/** True for `(a, b) IN ((1, 2), (3, 4))`. */
export function isRowList(expression: A_Expr): boolean {
  const { kind, lexpr, rexpr } = expression;
  if (lexpr === undefined || rexpr === undefined || operatorOf(expression) !== '=') return false;
  return kind === 'AEXPR_IN' && 'RowExpr' in lexpr && 'List' in rexpr;
}

/** Gives what each row of a list asks: the values differ from row to row, the keys do not. */
function rowListAtoms(
  lexpr: Node,
  list: Node,
  { scope, sink }: { readonly scope: Scope; readonly sink: AtomSink },
): readonly Atom[] {
  const rows = 'List' in list ? (list.List.items ?? []) : [];
  const [first = []] = rows.map((rexpr) =>
    comparisonAtoms({ kind: 'AEXPR_OP', name: [{ String: { sval: '=' } }], lexpr, rexpr }, scope, sink),
  );
  return first.map((atom) =>
    atom.kind === 'join' ? atom : { ...atom, predicate: { ...atom.predicate, constantSql: null, literal: null } },
  );
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
  const use = OPERATORS[operator];
  if (left === undefined || right === undefined || use === undefined) return [];
  const join = operator === '=' ? joinAtom(left, right, scope) : null;
  if (join !== null) return [join];
  const { kind, mirrored } = use;
  const found = oneSided({ keySide: left, valueSide: right, kind, operator, whole }, scope, sink);
  if (mirrored === null || (found.length > 0 && !found.some(isBoundByRows))) return found;
  const others = oneSided({ keySide: right, valueSide: left, kind, operator: mirrored, whole }, scope, sink);
  return [...found, ...others];
}

/** A range whose bounds come from another table's rows: either side may be the inner one. */
function isBoundByRows(atom: Atom): boolean {
  return atom.kind === 'predicate' && atom.predicate.kind === 'range' && atom.predicate.otherScans !== undefined;
}

function joinAtom(left: Node, right: Node, scope: Scope): Atom | null {
  const a = keyOf(left, scope);
  const b = keyOf(right, scope);
  return a !== null && b !== null && a.scan !== b.scan ? { kind: 'join', left: a, right: b } : null;
}

/** A comparison with the key side chosen. */
interface Comparison {
  readonly keySide: Node;
  readonly valueSide: Node;
  readonly kind: PredicateKind;
  readonly operator: string;
  readonly whole: A_Expr;
}

/** Reads a comparison of a table's key with something that does not read that table. */
function oneSided(comparison: Comparison, scope: Scope, sink: AtomSink): readonly Atom[] {
  const { keySide, valueSide, kind, operator, whole } = comparison;
  const found = keyOf(keySide, scope);
  if (found === null) return [];
  const value = ingredientsOf(valueSide, scope);
  if (value.columns.some((column) => column.scan === found.scan)) return [];
  noteParameters(comparison, found, sink);
  const otherScans = [...new Set(value.columns.map(({ scan }) => scan.position))];
  const predicate: KeyPredicate = {
    key: found.key,
    kind,
    operator,
    constantSql: constantSql({ A_Expr: whole }, scope),
    literal: literalOf(valueSide),
    ...(otherScans.length === 0 ? {} : { otherScans }),
  };
  return [{ kind: 'predicate', scan: found.scan, predicate }];
}

/** Reads `status <> 'done'` and `status NOT IN (…)` where what is left is the same at every run. */
function exclusionAtoms({ keySide, whole }: Pick<Comparison, 'keySide' | 'whole'>, scope: Scope): readonly Atom[] {
  const found = keyOf(keySide, scope);
  const sql = constantSql({ A_Expr: whole }, scope);
  if (found === null || sql === null) return [];
  const predicate: KeyPredicate = { key: found.key, kind: 'exclusion', operator: '<>', constantSql: sql };
  return [{ kind: 'predicate', scan: found.scan, predicate }];
}

function noteParameters({ valueSide, kind, operator, whole }: Comparison, found: ScanKey, sink: AtomSink): void {
  const use = { role: 'comparison', table: found.scan.table, key: found.key } as const;
  const written = kind === 'set' ? setOperator(whole) : operator;
  const direct = directParameters(valueSide);
  for (const number of direct) sink.parameters.push({ ...use, number, operator: written });
  if (kind !== 'pattern' || direct.length > 0) return;
  for (const number of partParameters(valueSide))
    sink.parameters.push({ ...use, number, operator: written, isPart: true });
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

/** Parameters around which a pattern is written: `'%' || $1 || '%'`, `concat($1, '%')`. */
function partParameters(node: Node): readonly number[] {
  const expression = bodyOf(node, 'A_Expr');
  if (expression !== null && operatorOf(expression) === '||')
    return [expression.lexpr, expression.rexpr].flatMap((side) => (side === undefined ? [] : partParameters(side)));
  const call = bodyOf(node, 'FuncCall');
  if (call !== null) return (call.args ?? []).flatMap(partParameters);
  return directParameters(node);
}

/** Gives a literal's text, under whatever casts; null for anything else. */
function literalOf(node: Node): string | null {
  if ('TypeCast' in node && node.TypeCast.arg !== undefined) return literalOf(node.TypeCast.arg);
  return bodyOf(node, 'A_Const')?.sval?.sval ?? null;
}

/** Gives a predicate as SQL where it means the same at every run of the statement's text, else null. */
export function constantSql(whole: Node, scope: Scope): string | null {
  const { parameters, opaque, columns } = ingredientsOf(whole, scope);
  if (parameters.length > 0 || opaque || new Set(columns.map((column) => column.scan)).size !== 1) return null;
  const isStable =
    !('A_Expr' in whole) ||
    [whole.A_Expr.rexpr, whole.A_Expr.lexpr].some((side) => side !== undefined && isConstant(side, scope));
  return isStable ? deparseNode(unqualified(whole, scope)) : null;
}
