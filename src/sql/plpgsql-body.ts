import { parseStatement } from './parse.js';
import { asParseFailure } from './parse-failure.js';
import { parsePlPgSQLSync } from './parser.js';
import { positionsOf } from './positions.js';
import { applyEdits, type TextEdit } from './text-edits.js';
import { type AnyBody, visit } from './walk.js';

/** What a PL/pgSQL body means by names that are not its own. */
export interface BodyNames {
  /** Type of the rows that NEW and OLD hold, as SQL; null where no trigger calls it. */
  readonly rowType: string | null;
  readonly parameters: readonly string[];
}

/** One query of a body, as the server can prepare it outside of the body. */
export interface BodyQuery {
  /** Line within the body, from 1. */
  readonly line: number;
  readonly sql: string;
}

/**
 * Gives the queries of a PL/pgSQL function with NULLs of the right types in place of its variables; none where the
 * definition, as pg_get_functiondef writes it, cannot be taken apart.
 */
export function bodyQueriesOf(definition: string, names: BodyNames): readonly BodyQuery[] {
  const parsed = parseBody(definition);
  if (parsed === null) return [];
  const variables = variablesOf(parsed, names);
  const found: { line: number; query: string }[] = [];
  collect(parsed, 1, found);
  return found.flatMap(({ line, query }) => {
    const sql = substitute(query, variables);
    return sql === null ? [] : [{ line, sql }];
  });
}

function parseBody(definition: string): unknown {
  try {
    return parsePlPgSQLSync(definition);
  } catch (error) {
    // Its parser knows no catalog, so it refuses what the server has taken: such a body is not looked at.
    if (error instanceof Error) return null;
    throw error;
  }
}

/** Values for names, as SQL. */
type Variables = ReadonlyMap<string, string>;

function variablesOf(parsed: unknown, { rowType, parameters }: BodyNames): Variables {
  const variables = new Map(parameters.map((name) => [name.toLowerCase(), 'NULL']));
  visit(parsed, (kind, body) => {
    const name = body['refname'];
    if (typeof name !== 'string') return;
    if (kind === 'PLpgSQL_rec' || kind === 'PLpgSQL_row') variables.set(name.toLowerCase(), 'NULL');
    if (kind === 'PLpgSQL_var') variables.set(name.toLowerCase(), nullOf(body));
  });
  if (rowType !== null) for (const name of ['new', 'old']) variables.set(name, `(NULL::${rowType})`);
  return variables;
}

function nullOf(body: AnyBody): string {
  const wrapped = body['datatype'] as { readonly PLpgSQL_type?: { readonly typname?: string } } | undefined;
  const type = wrapped?.PLpgSQL_type?.typname ?? '';
  return /^[\w ]+(\[\])*$/.test(type) && !/^(unknown|record|refcursor)$/i.test(type) ? `NULL::${type}` : 'NULL';
}

/** The parse modes of PL/pgSQL: a statement is 0, an expression 2, an assignment 3 to 5. */
function collect(value: unknown, line: number, found: { line: number; query: string }[]): void {
  if (Array.isArray(value)) {
    for (const item of value) collect(item, line, found);
    return;
  }
  if (typeof value !== 'object' || value === null) return;
  const body = value as AnyBody;
  const at = typeof body['lineno'] === 'number' ? body['lineno'] : line;
  const query = body['query'];
  if (typeof query === 'string') {
    const mode = Number(body['parseMode'] ?? 0);
    const assigned = query.replace(/^[^=]*?:?=/, '');
    found.push({ line: at, query: mode === 0 ? query : `SELECT ${mode === 2 ? query : assigned}` });
  }
  for (const child of Object.values(body)) collect(child, at, found);
}

function substitute(query: string, variables: Variables): string | null {
  try {
    const positions = positionsOf(query);
    const edits: TextEdit[] = [];
    visit(parseStatement(query).tree, (kind, body) => {
      if (kind === 'ColumnRef')
        edits.push(...editOf(query, positions.fromBytes(Number(body['location'] ?? 0)), variables));
    });
    return applyEdits(query, edits);
  } catch (error) {
    if (asParseFailure(error) === null) throw error;
    return null;
  }
}

/** A record's field is a NULL of its own where the record's type is not known. */
function editOf(query: string, start: number, variables: Variables): readonly TextEdit[] {
  const [whole, first = ''] = /^("?[\w$]+"?)(\s*\.\s*("?[\w$]+"?|\*))*/.exec(query.slice(start)) ?? [''];
  const value = variables.get(first.replaceAll('"', '').toLowerCase());
  if (value === undefined) return [];
  const end = value === 'NULL' ? start + whole.length : start + first.length;
  return whole.length > first.length && !value.startsWith('(') && value !== 'NULL' ? [] : [{ start, end, text: value }];
}
