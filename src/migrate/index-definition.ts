import type { IndexStmt } from '@pgsql/types';

/**
 * Gives what an index is made of as a text, equal for a statement as a person writes it and for the same index as
 * `pg_get_indexdef` prints it: without names, places and casts, and with defaults left out.
 */
export function definitionOf(index: IndexStmt): string {
  const { unique = false, accessMethod = 'btree', nulls_not_distinct: nullsEqual = false } = index;
  return JSON.stringify({
    ...{ unique, accessMethod, nullsEqual },
    table: index.relation?.relname,
    columns: (index.indexParams ?? []).map(plain),
    include: (index.indexIncludingParams ?? []).map(plain),
    where: plain(index.whereClause ?? null),
  });
}

/** The server adds casts, and writes IN as = ANY (ARRAY[…]). */
function plain(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plain);
  if (!isBody(value)) return value;
  if (isBody(value['TypeCast'])) return plain(value['TypeCast']['arg']);
  if (isBody(value['IndexElem'])) return plain(withDefaults(value['IndexElem']));
  if (isBody(value['A_Expr'])) return plain(asAny(value['A_Expr']));
  const fields = Object.entries(value).filter(([name]) => !PLACES.has(name));
  return Object.fromEntries(fields.map(([name, child]) => [name, plain(child)]).sort());
}

const PLACES = new Set(['location', 'list_start', 'list_end', 'rexpr_list_start', 'rexpr_list_end']);

function withDefaults(element: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const descending = element['ordering'] === 'SORTBY_DESC';
  const nulls = element['nulls_ordering'];
  const nullsFirst =
    nulls === 'SORTBY_NULLS_DEFAULT' || nulls === undefined ? descending : nulls === 'SORTBY_NULLS_FIRST';
  const opclass = element['opclass'];
  return {
    ...element,
    // The server names the schema only where it is not on the search path.
    ...(Array.isArray(opclass) ? { opclass: opclass.slice(-1) } : {}),
    ordering: descending ? 'descending' : 'ascending',
    nulls_ordering: nullsFirst ? 'first' : 'last',
  };
}

function asAny(expression: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const list = expression['rexpr'];
  if (expression['kind'] !== 'AEXPR_IN' || !isBody(list) || !isBody(list['List'])) return expression;
  return { ...expression, kind: 'AEXPR_OP_ANY', rexpr: { A_ArrayExpr: { elements: list['List']['items'] } } };
}

function isBody(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
