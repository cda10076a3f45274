import type { FuncCall } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import { bodyOf, visit } from '../walk.js';

/** PostgreSQL's own functions that give rows. */
const OF_ROWS =
  /^(unnest|generate_(series|subscripts)|string_to_table|regexp_(matches|split_to_table)|jsonb?_(array_elements(_text)?|each(_text)?|object_keys|populate_recordset|to_recordset)|jsonb_path_query(_tz)?|aclexplode|ts_(stat|parse|token_type))$/;

/** Tells whether an expression calls a function that gives rows, each of which makes one of its own, as far as names tell. */
export function givesRows(expression: unknown, { objects = [] }: Catalog): boolean {
  let found = false;
  visit(expression, (kind, body) => {
    const name = kind === 'FuncCall' ? (bodyOf((body as FuncCall).funcname?.at(-1), 'String')?.sval ?? '') : null;
    const isOwn = objects.some(
      (object) =>
        object.kind === 'function' &&
        object.name === name &&
        /\bRETURNS\s+(SETOF|TABLE)\b/i.test((object.definition ?? '').split(/\bAS\b/)[0] ?? ''),
    );
    found ||= name !== null && (OF_ROWS.test(name) || isOwn);
    return !found && kind !== 'SubLink' && kind !== 'RangeSubselect';
  });
  return found;
}
