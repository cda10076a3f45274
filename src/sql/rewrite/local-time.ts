import type { Node } from '@pgsql/types';
import { bodyOf, visit } from '../walk.js';
import { comparisonOf } from './nodes.js';

const LOCAL = 'timestamp without time zone';

/**
 * Tells whether values of a type are held against a fixed one in their own order. Clock times are held against a moment of a
 * time zone as moments: where clocks are put forward, the later of two clock times may be the earlier moment.
 */
export function isInOrder(type: string, fixed: Node): boolean {
  return type !== LOCAL || isLocalTime(fixed);
}

/** Tells whether an expression is surely a clock time or a day, or a text or a parameter that becomes one beside one. */
export function isLocalTime(node: Node): boolean {
  if ('A_Const' in node || 'ParamRef' in node) return true;
  const call = bodyOf(node, 'FuncCall');
  const cast = castOf(node);
  if (cast === 'date' || bodyOf(node, 'SQLValueFunction')?.op === 'SVFOP_CURRENT_DATE') return true;
  if (call !== null && LOCAL_CALLS.has(lastName(call.funcname))) return true;
  return isTimestamp(node) || isDaySum(node);
}

const LOCAL_CALLS: ReadonlySet<string> = new Set(['make_date', 'make_timestamp', 'to_date']);

/** What is made of a date by date_trunc is a moment of the time zone. */
function isTimestamp(node: Node): boolean {
  const { op } = bodyOf(node, 'SQLValueFunction') ?? {};
  if (op !== undefined) return op.startsWith('SVFOP_LOCALTIMESTAMP');
  if (castOf(node) !== null) return castOf(node) === 'timestamp';
  const { funcname, args = [] } = bodyOf(node, 'FuncCall') ?? {};
  const [, truncated, zone] = args;
  if (lastName(funcname) === 'date_trunc')
    return truncated !== undefined && zone === undefined && isTimestamp(truncated);
  const sum = sumOf(node);
  return sum !== null && isLocalTime(sum.left) && !isBare(sum.left) && isInterval(sum.right);
}

/** A date and a number of days. */
function isDaySum(node: Node): boolean {
  const sum = sumOf(node);
  return sum !== null && isLocalTime(sum.left) && !isBare(sum.left) && bodyOf(sum.right, 'A_Const')?.ival !== undefined;
}

function isBare(node: Node): boolean {
  return 'A_Const' in node || 'ParamRef' in node;
}

/** One that is cast to be one, a multiple of it, or one that is made of numbers. */
function isInterval(node: Node): boolean {
  let [isFound, isAlone] = [false, true];
  visit(node, (kind, body) => {
    const { typeName, funcname } = body as { typeName?: { names?: Node[] }; funcname?: Node[] };
    const isSpan =
      (kind === 'TypeCast' && lastName(typeName?.names) === 'interval') ||
      (kind === 'FuncCall' && lastName(funcname) === 'make_interval');
    isFound ||= isSpan;
    isAlone &&= isSpan || !['TypeCast', 'FuncCall', 'SQLValueFunction', 'ColumnRef', 'SubLink'].includes(kind);
    return true;
  });
  return isFound && isAlone;
}

function sumOf(node: Node): { readonly left: Node; readonly right: Node } | null {
  const sum = comparisonOf(node);
  return sum !== null && ['+', '-'].includes(sum.operator) ? sum : null;
}

function castOf(node: Node): string | null {
  const cast = bodyOf(node, 'TypeCast');
  return cast === null || cast.typeName?.arrayBounds !== undefined ? null : lastName(cast.typeName?.names);
}

function lastName(names: readonly Node[] | undefined): string {
  return bodyOf(names?.at(-1), 'String')?.sval ?? '';
}
