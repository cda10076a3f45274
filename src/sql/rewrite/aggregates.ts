import type { FuncCall, Node, RangeVar, SelectStmt } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import type { SchemaObject } from '../../model/schema-object.js';
import { queryOfView } from '../analysis/views.js';
import { bodyOf, visit } from '../walk.js';
import { allOf } from './nodes.js';

/** What PostgreSQL's own aggregates give for no rows: 0 for those that count, NULL for the others. */
const EMPTY_VALUES: Readonly<Record<string, 'zero' | 'null'>> = {
  count: 'zero',
  regr_count: 'zero',
  ...Object.fromEntries(
    `sum min max avg bool_and bool_or every array_agg string_agg json_agg jsonb_agg json_object_agg jsonb_object_agg
     stddev stddev_pop stddev_samp variance var_pop var_samp bit_and bit_or bit_xor corr covar_pop covar_samp any_value
     range_agg range_intersect_agg xmlagg`
      .split(/\s+/)
      .map((name) => [name, 'null'] as const),
  ),
};

/** Functions whose value is not the same for the same arguments within one statement. */
const VOLATILE: ReadonlySet<string> = new Set(
  `random random_normal clock_timestamp timeofday nextval currval lastval setval gen_random_uuid uuidv4 uuidv7
   uuid_generate_v1 uuid_generate_v1mc uuid_generate_v4 txid_current pg_current_xact_id set_config pg_sleep
   pg_advisory_lock pg_try_advisory_lock pg_advisory_xact_lock pg_try_advisory_xact_lock gen_salt pg_notify dblink`.split(
    /\s+/,
  ),
);

/** Gives what an aggregate gives for no rows; null where that is not known. */
export function emptyValueOf(call: FuncCall, catalog: Catalog): 'zero' | 'null' | null {
  const name = nameOf(call);
  if ((call.funcname ?? []).length > 1 && schemaOf(call) !== 'pg_catalog') return null;
  return isRedefined(name, catalog) ? null : (EMPTY_VALUES[name] ?? null);
}

/** Tells whether a node calls an aggregate, not as a window function. */
export function isAggregateCall(node: Node, catalog: Catalog): boolean {
  const call = bodyOf(node, 'FuncCall');
  if (call === null || call.over !== undefined) return false;
  if (call.agg_star === true || call.agg_within_group === true) return true;
  const name = nameOf(call);
  return (
    name in EMPTY_VALUES ||
    (catalog.objects ?? []).some((object) => object.kind === 'aggregate' && object.name === name)
  );
}

/** Gives the aggregate calls of an expression in their order, those of queries inside it left out. */
export function aggregateCalls(expression: unknown, catalog: Catalog): readonly Node[] {
  const calls: Node[] = [];
  const read = (value: unknown): void => {
    if (Array.isArray(value)) {
      for (const item of value) read(item);
      return;
    }
    if (typeof value !== 'object' || value === null || 'SubLink' in value) return;
    if (isAggregateCall(value as Node, catalog)) calls.push(value as Node);
    else for (const child of Object.values(value)) read(child);
  };
  read(expression);
  return calls;
}

/** Tells whether an aggregate gives the same of rows that are repeated: extremes, and what takes each value once. */
export function isSameForRepeats({ funcname, agg_distinct }: FuncCall): boolean {
  const name = bodyOf(funcname?.at(-1), 'String')?.sval ?? '';
  return agg_distinct === true || /^(min|max|bool_and|bool_or|every)$/.test(name);
}

/** Gives a copy of an aggregate call that takes in the rows alone that meet these conditions, too. */
export function filtered(call: Node, conditions: readonly Node[]): Node {
  const copy = structuredClone(call);
  const body = bodyOf(copy, 'FuncCall');
  const condition = allOf([...(body?.agg_filter === undefined ? [] : [body.agg_filter]), ...conditions]);
  if (body !== null && condition !== undefined) body.agg_filter = structuredClone(condition);
  return copy;
}

/** Tells whether the rows of a level are grouped, be it to a single one, which an aggregate that they are ordered by does too. */
export function isGrouped(
  { groupClause = [], targetList, havingClause, sortClause }: SelectStmt,
  catalog: Catalog,
): boolean {
  const isDivided = groupClause.length > 0 || havingClause !== undefined;
  return isDivided || aggregateCalls([targetList, sortClause], catalog).length > 0;
}

/** Tells whether an expression may give another value each time it is computed, as far as names tell. */
export function isVolatile(expression: unknown, catalog: Catalog): boolean {
  let found = false;
  visit(expression, (kind, body) => {
    const name = kind === 'FuncCall' ? nameOf(body as FuncCall) : null;
    found ||= name !== null && (VOLATILE.has(name) || isVolatileOwn(name, catalog));
    found ||= kind === 'RangeVar' && isVolatileView(body as RangeVar, catalog);
    // Each scan draws another sample.
    found ||= kind === 'RangeTableSample' && body['repeatable'] === undefined;
    return !found;
  });
  return found;
}

/** A function of the database is volatile unless it says otherwise. */
function isVolatileOwn(name: string, { objects = [] }: Catalog): boolean {
  const own = objects.filter((object) => object.kind === 'function' && object.name === name);
  return own.some(({ definition }) => !/\b(IMMUTABLE|STABLE)\b/.test((definition ?? '').split(/\bAS\b/)[0] ?? ''));
}

const volatileViews = new WeakMap<SchemaObject, boolean>();

/** A view that may give other rows, or other values in them, each time that it is read. */
function isVolatileView({ relname, schemaname }: RangeVar, catalog: Catalog): boolean {
  const views = (catalog.objects ?? []).filter(
    ({ kind, schema, name }) =>
      kind === 'view' && name === relname && (schemaname === undefined || schema === schemaname),
  );
  return views.some((view) => {
    const known = volatileViews.get(view) ?? isVolatile(queryOfView(view), catalog);
    volatileViews.set(view, known);
    return known;
  });
}

function isRedefined(name: string, { objects = [] }: Catalog): boolean {
  return objects.some((object) => (object.kind === 'aggregate' || object.kind === 'function') && object.name === name);
}

function nameOf({ funcname }: FuncCall): string {
  return bodyOf(funcname?.at(-1), 'String')?.sval ?? '';
}

function schemaOf({ funcname }: FuncCall): string {
  return bodyOf(funcname?.at(-2), 'String')?.sval ?? '';
}
