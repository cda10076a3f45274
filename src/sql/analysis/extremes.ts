import type { FuncCall, Node, SelectStmt } from '@pgsql/types';
import { visit } from '../walk.js';
import { keyOf, type ScanKey } from './expression.js';
import type { StatementReader } from './reader.js';
import type { ScanBuilder, Scope } from './scope.js';
import type { OrderKey } from './table-scan.js';
import { orderArms } from './union-arms.js';

/**
 * Notes the ends that a level without grouping reads where each of its aggregates is a `min(x)` or a `max(x)`: the
 * planner looks each of them up by itself, at the one or the other end of an index.
 */
export function readExtremes(select: SelectStmt, scope: Scope, reader: StatementReader): void {
  if ((select.groupClause ?? []).length > 0) return;
  const calls = callsIn([select.targetList, select.havingClause]);
  const extremes = calls.filter((call) => EXTREMES.has(nameOf(call)));
  const isOther = (call: FuncCall) => call.agg_star === true || OTHER_AGGREGATES.has(nameOf(call));
  if (extremes.some(isRestricted) || calls.some((call) => call.over !== undefined || isOther(call))) return;
  for (const [scan, orders] of ordersByScan(extremes, scope)) {
    const [first, ...further] = orders;
    if (first === undefined) continue;
    scan.order = [first];
    scan.limited = true;
    orderArms(scan);
    for (const order of further) reader.repeatScan(scan, [order]);
  }
}

const EXTREMES: ReadonlySet<string> = new Set(['min', 'max']);
/** The common aggregates that no end of an index answers; with one of them the rows are read anyway. */
const OTHER_AGGREGATES: ReadonlySet<string> = new Set(
  'count sum avg array_agg string_agg json_agg jsonb_agg bool_and bool_or every stddev variance'.split(' '),
);

function callsIn(parts: unknown): readonly FuncCall[] {
  const calls: FuncCall[] = [];
  visit(parts, (kind, body) => {
    if (kind === 'FuncCall') calls.push(body as FuncCall);
    return kind !== 'SubLink';
  });
  return calls;
}

function nameOf({ funcname }: FuncCall): string {
  const name = funcname?.at(-1);
  return name !== undefined && 'String' in name ? (name.String.sval ?? '') : '';
}

function isRestricted({ agg_filter, agg_order, args }: FuncCall): boolean {
  return agg_filter !== undefined || (agg_order ?? []).length > 0 || args?.length !== 1;
}

/** Both ends of one key are the same order, read from the front and from the back. */
function ordersByScan(extremes: readonly FuncCall[], scope: Scope): ReadonlyMap<ScanBuilder, readonly OrderKey[]> {
  const found = new Map<ScanBuilder, Map<string, OrderKey>>();
  for (const call of extremes) {
    const read = endOf(call, scope);
    if (read === null) continue;
    const { scan, key } = read;
    const orders = found.get(scan) ?? new Map<string, OrderKey>();
    const descending = nameOf(call) === 'max' && orders.get(key.sql)?.descending !== false;
    found.set(scan, orders.set(key.sql, { key, descending, nullsFirst: descending }));
  }
  return new Map([...found].map(([scan, orders]) => [scan, [...orders.values()]]));
}

function endOf({ args }: FuncCall, scope: Scope): ScanKey | null {
  const argument: Node | undefined = args?.[0];
  return argument === undefined ? null : keyOf(argument, scope);
}
