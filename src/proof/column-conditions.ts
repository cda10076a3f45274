import type { BoolExpr, ColumnRef, Node } from '@pgsql/types';
import { deparseNode } from '../sql/deparse.js';
import { type AnyBody, bodyOf, visit } from '../sql/walk.js';

/** What statements ask of one column alone. */
export interface ColumnCondition {
  /** Its bare name, of whatever table. */
  readonly column: string;
  /** The condition over that bare name. */
  readonly sql: string;
}

/** Gives the parts of conditions, anywhere in statements, that a single column decides. */
export function columnConditions(trees: readonly Node[]): readonly ColumnCondition[] {
  const found = new Map<string, ColumnCondition>();
  visit(trees, (kind, body) => {
    for (const part of conditionsAt(kind, body).flatMap(partsOf)) {
      const condition = ofOneColumn(part);
      if (condition !== null) found.set(JSON.stringify(condition), condition);
    }
  });
  return [...found.values()];
}

function conditionsAt(kind: string, body: AnyBody): readonly Node[] {
  const { whereClause, quals, agg_filter: filter, expr } = body;
  return [whereClause, quals, filter, kind === 'CaseWhen' ? expr : undefined].flatMap(
    (condition) => (condition as Node | undefined) ?? [],
  );
}

function partsOf(condition: Node): readonly Node[] {
  const { boolop, args = [] }: BoolExpr = bodyOf(condition, 'BoolExpr') ?? {};
  return boolop === undefined || boolop === 'NOT_EXPR' ? [condition] : args.flatMap(partsOf);
}

/** What hangs upon another query, or upon a parameter, is left to chance. */
const ELSEWHERE: ReadonlySet<string> = new Set(['SubLink', 'ParamRef', 'A_Star']);

function ofOneColumn(part: Node): ColumnCondition | null {
  const own = structuredClone(part);
  const names = new Set<string>();
  let isTold = true;
  visit(own, (kind, body) => {
    isTold &&= !ELSEWHERE.has(kind);
    if (kind === 'ColumnRef') names.add(bareNameOf(body));
  });
  const [column] = names;
  const sql = isTold && names.size === 1 ? deparseNode(own) : null;
  return column === undefined || sql === null ? null : { column, sql };
}

/** Takes the table's name away from a reference. */
function bareNameOf(reference: ColumnRef): string {
  const last = reference.fields?.at(-1);
  if (last !== undefined) reference.fields = [last];
  return bodyOf(last, 'String')?.sval ?? '';
}
