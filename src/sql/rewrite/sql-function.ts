import type { DefElem, FunctionParameter, Node, SelectStmt, TypeName } from '@pgsql/types';
import type { Catalog } from '../../model/catalog.js';
import type { SchemaObject } from '../../model/schema-object.js';
import { parseStatement, parseStatements } from '../parse.js';
import { asParseFailure } from '../parse-failure.js';
import { bodyOf } from '../walk.js';

/** A function that is one query in SQL, which its call may be replaced by. */
export interface SqlFunction {
  readonly schema: string;
  readonly name: string;
  readonly parameters: readonly { readonly name: string | null; readonly type: TypeName }[];
  /** Null where it gives rows. */
  readonly returnType: TypeName | null;
  /** Of the rows that it gives. */
  readonly columns: readonly string[];
  readonly query: SelectStmt;
}

const functions = new WeakMap<SchemaObject, SqlFunction | null>();

/** Gives the function that a call names; null where several might be meant or it is no query that can take its place. */
export function sqlFunctionNamed(names: readonly Node[], { objects = [] }: Catalog): SqlFunction | null {
  const [name, schema] = names.map((part) => bodyOf(part, 'String')?.sval ?? '').reverse();
  const named = objects.filter(
    (object) =>
      object.kind === 'function' && object.name === name && (schema === undefined || object.schema === schema),
  );
  const [only] = named;
  if (only === undefined || named.length > 1) return null;
  const known = functions.get(only);
  if (known !== undefined) return known;
  const read = readFunction(only);
  functions.set(only, read);
  return read;
}

function readFunction({ definition, schema, name }: SchemaObject): SqlFunction | null {
  if (definition === null) return null;
  try {
    const created = bodyOf(parseStatement(definition).tree, 'CreateFunctionStmt');
    const options = new Map(
      (created?.options ?? []).flatMap((node) => {
        const option = bodyOf(node, 'DefElem');
        return option?.defname === undefined ? [] : [[option.defname, option] as const];
      }),
    );
    const parameters = (created?.parameters ?? []).flatMap((node) => bodyOf(node, 'FunctionParameter') ?? []);
    const query = isPlain(options) ? queryOf(options.get('as'), created?.sql_body) : null;
    const returned = created?.returnType;
    if (query === null || returned === undefined || !parameters.every(isUsual)) return null;
    const columns = parameters.flatMap((each) => (each.mode === 'FUNC_PARAM_TABLE' ? (each.name ?? '') : []));
    const isSet = returned.setof === true || columns.length > 0;
    const given = parameters.filter(({ mode }) => mode !== 'FUNC_PARAM_TABLE');
    return {
      ...{ schema, name, columns, query, returnType: isSet ? null : returned },
      parameters: given.map((each) => ({ name: each.name ?? null, type: each.argType ?? {} })),
    };
  } catch (error) {
    if (asParseFailure(error) === null) throw error;
    return null;
  }
}

/** Not volatile, not with other rights or settings than the caller's, and not passed by for NULL. */
function isPlain(options: ReadonlyMap<string, DefElem>): boolean {
  const text = (name: string) => bodyOf(options.get(name)?.arg, 'String')?.sval;
  const isOn = (name: string) => bodyOf(options.get(name)?.arg, 'Boolean')?.boolval === true;
  const isSteady = text('volatility') === 'stable' || text('volatility') === 'immutable';
  return text('language') === 'sql' && isSteady && !isOn('security') && !isOn('strict') && !options.has('set');
}

function isUsual({ mode, argType }: FunctionParameter): boolean {
  return argType !== undefined && ['FUNC_PARAM_IN', 'FUNC_PARAM_DEFAULT', 'FUNC_PARAM_TABLE'].includes(mode ?? '');
}

function queryOf(text: DefElem | undefined, body: Node | undefined): SelectStmt | null {
  const [source] = bodyOf(text?.arg, 'List')?.items ?? [];
  const sql = bodyOf(source, 'String')?.sval;
  const atomic = (bodyOf(body, 'List')?.items ?? []).flatMap((node) => bodyOf(node, 'List')?.items ?? [node]);
  const statements = sql === undefined ? atomic : parseStatements(sql).map(({ tree }) => tree);
  const [only, second] = statements;
  return second === undefined ? bodyOf(only, 'SelectStmt') : null;
}
