import type { Node } from '@pgsql/types';
import { type AnyBody, visit } from './walk.js';

/** A parameter whose type the server cannot tell, with the type that it most likely had. */
export interface ParameterCast {
  /** Of the parameter, in UTF-8 bytes. */
  readonly location: number;
  readonly type: string;
}

/**
 * Gives the casts without which the server refuses a statement whose constants became parameters: it resolves a
 * bare constant by its looks and a bare parameter by its surroundings, which in these places tell nothing.
 */
export function parameterCasts(tree: Node): readonly ParameterCast[] {
  const casts = new Map<number, ParameterCast>();
  const add = (nodes: readonly unknown[], type: string) => {
    for (const location of nodes.flatMap(parameterLocation)) casts.set(location, { location, type });
  };
  visit(tree, (kind, body) => {
    if (kind === 'FuncCall') castArguments(body, add);
    if (kind === 'A_Expr') castOperands(body, add);
    if (kind === 'SelectStmt') castCounters(body, add);
  });
  return [...casts.values()];
}

type AddCasts = (nodes: readonly unknown[], type: string) => void;

/** Functions of `"any"`: every argument type fits, so none is inferred. */
const TYPE_OF_ANY: Readonly<Record<string, string>> = {
  count: 'integer',
  num_nulls: 'text',
  num_nonnulls: 'text',
  concat: 'text',
  concat_ws: 'text',
  format: 'text',
  json_build_object: 'text',
  json_build_array: 'text',
  jsonb_build_object: 'text',
  jsonb_build_array: 'text',
  to_json: 'text',
  to_jsonb: 'text',
  array_agg: 'text',
  json_agg: 'text',
  jsonb_agg: 'text',
};

/** Several variants take the arguments equally well when all are parameters. */
const TYPE_OF_ALIKE: Readonly<Record<string, string>> = { generate_series: 'integer', sum: 'integer', avg: 'integer' };

function castArguments(call: AnyBody, add: AddCasts): void {
  const name = functionName(call);
  const values = (call['args'] ?? []) as readonly Node[];
  const ofAny = TYPE_OF_ANY[name];
  if (ofAny !== undefined) add(values, ofAny);
  const alike = TYPE_OF_ALIKE[name];
  if (alike === undefined) return;
  const results = values.flatMap(resultsOf);
  // A result that is not a parameter gives the others its type.
  if (results.every(hasNoType)) add(results, alike);
}

/** `sum(CASE WHEN … THEN $1 ELSE $2 END)`: the results of the CASE decide. */
function resultsOf(node: Node): readonly unknown[] {
  if ('CoalesceExpr' in node) return node.CoalesceExpr.args ?? [];
  if (!('CaseExpr' in node)) return [node];
  const branches = (node.CaseExpr.args ?? []).map((when) => ('CaseWhen' in when ? when.CaseWhen.result : when));
  return [...branches, ...(node.CaseExpr.defresult === undefined ? [] : [node.CaseExpr.defresult])];
}

function castOperands(expression: AnyBody, add: AddCasts): void {
  if (expression['kind'] !== 'AEXPR_OP' || !/^[-+*/%]$/.test(operatorName(expression))) return;
  const operands = [expression['lexpr'], expression['rexpr']].filter((operand) => operand !== undefined);
  if (operands.every((operand) => parameterLocation(operand).length > 0)) add(operands, 'integer');
}

/** `SELECT $1 AS depth … UNION ALL SELECT depth + $2`: a bare parameter of the first arm would become text. */
function castCounters({ larg, rarg }: AnyBody, add: AddCasts): void {
  const first = targetsOf(larg);
  const isCounted = targetsOf(rarg).map((value) => {
    const expression = (value as { A_Expr?: AnyBody } | undefined)?.A_Expr;
    return expression !== undefined && /^[-+*/%]$/.test(operatorName(expression));
  });
  add(
    first.filter((_, position) => isCounted[position]),
    'integer',
  );
}

function targetsOf(select: unknown): readonly unknown[] {
  const targets = (select as { targetList?: readonly Node[] } | undefined)?.targetList ?? [];
  return targets.map((target) => ('ResTarget' in target ? target.ResTarget.val : undefined));
}

function hasNoType(node: unknown): boolean {
  const isNull = (node as { A_Const?: { isnull?: boolean } }).A_Const?.isnull === true;
  return isNull || parameterLocation(node).length > 0;
}

function parameterLocation(node: unknown): readonly number[] {
  const parameter = (node as { ParamRef?: { location?: number } } | undefined)?.ParamRef;
  return parameter === undefined ? [] : [parameter.location ?? 0];
}

function functionName(call: AnyBody): string {
  return lastString(call['funcname']);
}

function operatorName(expression: AnyBody): string {
  return lastString(expression['name']);
}

function lastString(names: unknown): string {
  const last = (names as readonly Node[] | undefined)?.at(-1);
  return last !== undefined && 'String' in last ? (last.String.sval ?? '') : '';
}
