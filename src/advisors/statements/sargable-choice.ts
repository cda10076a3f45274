import type { A_Expr, CaseExpr, Node } from '@pgsql/types';
import { constantOf } from '../../sql/conjuncts.js';
import { deparseNode } from '../../sql/deparse.js';
import { bodyOf } from '../../sql/walk.js';
import type { Parts, SargableForm } from './sargable-form.js';

/** Gives the condition by which a value is chosen that is then compared: CASE, nullif, the beginning of a text. */
export function ofChoice(parts: Parts): SargableForm | null {
  const { expression, operator, comparison, value } = parts.wrapped;
  const wanted = constantOf(value);
  if (operator !== '=' || comparison.kind !== 'AEXPR_OP' || wanted === null) return null;
  if ('CaseExpr' in expression) return ofCase(expression.CaseExpr, wanted);
  if ('FuncCall' in expression) return ofBeginning(wanted, parts);
  const nulled = bodyOf(expression, 'A_Expr');
  return nulled?.kind === 'AEXPR_NULLIF' ? ofNullif(nulled, wanted, parts) : null;
}

/** `CASE WHEN a = 1 THEN 'x' ELSE 'y' END = 'x'`. */
function ofCase({ arg, args = [], defresult }: CaseExpr, wanted: string): SargableForm | null {
  const branches = args.map((each) => bodyOf(each, 'CaseWhen'));
  const chosen = branches.map((branch) => (branch?.result === undefined ? null : resultOf(branch.result)));
  const otherwise = defresult === undefined ? { text: null } : resultOf(defresult);
  const [first] = branches;
  if (arg !== undefined || chosen.includes(null) || otherwise === null || first?.expr === undefined) return null;
  // One branch that is met is one condition; others would have to leave out those before them.
  const isFirstAlone =
    chosen.every((each, place) => (each?.text === wanted) === (place === 0)) && otherwise.text !== wanted;
  const sql = isFirstAlone ? deparseNode(first.expr) : null;
  return sql === null ? null : { sql: `(${sql})`, caution: null };
}

/** Null where it is no constant; NULL equals nothing. */
function resultOf(node: Node): { readonly text: string | null } | null {
  const text = constantOf(node);
  if (text !== null) return { text };
  return bodyOf(node, 'A_Const')?.isnull === true ? { text: null } : null;
}

function ofNullif({ lexpr, rexpr }: A_Expr, wanted: string, { column, value }: Parts): SargableForm | null {
  const left = rexpr === undefined ? null : constantOf(rexpr);
  const isOther = left !== null && left !== wanted && (/^\d+$/.test(left) ? /^\d+$/.test(wanted) : true);
  return lexpr !== undefined && 'ColumnRef' in lexpr && isOther ? { sql: `${column} = ${value}`, caution: null } : null;
}

/** `left(code, 3) = 'abc'`, `substr(code, 1, 3) = 'abc'`. */
function ofBeginning(wanted: string, { column, type, wrapped }: Parts): SargableForm | null {
  const { funcname, args = [] } = bodyOf(wrapped.expression, 'FuncCall') ?? {};
  const name = bodyOf(funcname?.at(-1), 'String')?.sval ?? '';
  const [text, ...places] = args;
  const numbers = places.map((place) => Number(constantOf(place) ?? Number.NaN));
  const isFromStart = name === 'left' ? numbers.length === 1 : numbers.length === 2 && numbers[0] === 1;
  if (!['left', 'substr', 'substring'].includes(name) || text === undefined || !('ColumnRef' in text)) return null;
  if (!isFromStart || numbers.at(-1) !== [...wanted].length || !['text', 'character varying'].includes(type))
    return null;
  const pattern = `${wanted.replaceAll(/[\\%_]/g, '\\$&')}%`.replaceAll("'", "''");
  return { sql: `${column} LIKE '${pattern}'`, caution: null, opclass: 'text_pattern_ops' };
}
