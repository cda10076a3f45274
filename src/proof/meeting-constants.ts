import type { Node, ResTarget, SelectStmt } from '@pgsql/types';
import { constantOf } from '../sql/conjuncts.js';
import { comparisonOf } from '../sql/rewrite/nodes.js';
import { bodyOf, visit } from '../sql/walk.js';

/** A single one meets nothing. */
const CONSTANTS_LEAST = 2;

/**
 * Gives, by column name, the constants that statements want of columns which are equated with each other or go on under
 * another name. A join that leads from one constant to another gives something where rows hold them in any of these columns.
 */
export function meetingConstants(trees: readonly Node[]): ReadonlyMap<string, readonly string[]> {
  const meetings = new Map<string, Meeting>();
  visit(trees, (kind, body) => {
    for (const [one, other] of kind === 'SelectStmt' ? renamed(body as SelectStmt) : []) unite(meetings, one, other);
    if (kind === 'CommonTableExpr') uniteNames(meetings, body['ctequery'], body['aliascolnames']);
    if (kind === 'RangeSubselect')
      uniteNames(meetings, body['subquery'], (body['alias'] as { colnames?: unknown } | undefined)?.colnames);
    if (kind === 'A_Expr') noteEquality(meetings, { A_Expr: body } as Node);
  });
  return new Map(
    [...meetings].flatMap(([name, { names, constants }]) =>
      names.size > 1 && constants.size >= CONSTANTS_LEAST ? [[name, [...constants]] as const] : [],
    ),
  );
}

/** Names that stand for one set of values, and the constants among these. */
interface Meeting {
  readonly names: Set<string>;
  readonly constants: Set<string>;
}

function meetingOf(meetings: Map<string, Meeting>, name: string): Meeting {
  const meeting = meetings.get(name) ?? { names: new Set([name]), constants: new Set<string>() };
  meetings.set(name, meeting);
  return meeting;
}

function unite(meetings: Map<string, Meeting>, one: string, other: string): void {
  const [kept, gone] = [meetingOf(meetings, one), meetingOf(meetings, other)];
  if (kept === gone) return;
  for (const constant of gone.constants) kept.constants.add(constant);
  for (const name of gone.names) {
    kept.names.add(name);
    meetings.set(name, kept);
  }
}

function noteEquality(meetings: Map<string, Meeting>, expression: Node): void {
  const { operator, left, right } = comparisonOf(expression) ?? {};
  if (operator !== '=' || left === undefined || right === undefined) return;
  const [one, other] = [columnOf(left), columnOf(right)];
  if (one !== null && other !== null) unite(meetings, one, other);
  const name = one ?? other;
  const constant = constantOf(one === null ? left : right);
  if (name !== null && constant !== null) meetingOf(meetings, name).constants.add(constant);
}

function columnOf(node: Node | undefined): string | null {
  return bodyOf(bodyOf(node, 'ColumnRef')?.fields?.at(-1), 'String')?.sval ?? null;
}

/** Columns that a query gives under another name, those of the second arm of a union under the first one's. */
function renamed({ targetList = [], larg, rarg }: SelectStmt): readonly (readonly [string, string])[] {
  if (larg !== undefined && rarg !== undefined) return paired(outputNames(larg), outputNames(rarg));
  return paired(
    targetList.map((target) => nameOf(bodyOf(target, 'ResTarget'))),
    targetList.map((target) => columnOf(bodyOf(target, 'ResTarget')?.val)),
  );
}

function uniteNames(meetings: Map<string, Meeting>, query: unknown, names: unknown): void {
  const select = bodyOf(query as Node | undefined, 'SelectStmt');
  const given = ((names ?? []) as readonly Node[]).map((name) => bodyOf(name, 'String')?.sval ?? null);
  if (select === null) return;
  for (const [one, other] of paired(given, outputNames(select))) unite(meetings, one, other);
}

function outputNames({ targetList = [], larg }: SelectStmt): readonly (string | null)[] {
  return larg === undefined ? targetList.map((target) => nameOf(bodyOf(target, 'ResTarget'))) : outputNames(larg);
}

function nameOf(target: ResTarget | null): string | null {
  return target?.name ?? columnOf(target?.val);
}

function paired(
  one: readonly (string | null)[],
  other: readonly (string | null)[],
): readonly (readonly [string, string])[] {
  return one.flatMap((name, place) => {
    const second = other[place] ?? null;
    return name === null || second === null ? [] : [[name, second] as const];
  });
}
