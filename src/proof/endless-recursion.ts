import type { CommonTableExpr, JoinExpr, Node, RangeVar, SelectStmt } from '@pgsql/types';
import type { Constraint } from '../model/catalog.js';
import { quoteIdentifier, quoteRelation } from '../sql/quote.js';
import { comparisonOf, partsOf, referencesIn } from '../sql/rewrite/nodes.js';
import { bodyOf, visit } from '../sql/walk.js';
import type { TinyTable } from './tiny-schema.js';

/** Gives the names of the tables that recursions go through from row to row, where they would not stop at one that they have been at. */
export function steppedTables(trees: readonly Node[]): ReadonlySet<string> {
  const names = new Set<string>();
  visit(trees, (kind, body) => {
    const common = kind === 'CommonTableExpr' ? (body as CommonTableExpr) : null;
    const step = common === null ? undefined : endlessStep(common);
    for (const name of step === undefined ? [] : tablesIn(step)) names.add(name);
  });
  return names;
}

/** What a recursion makes of each of its rows, where nothing keeps it from going round; undefined for any other query. */
function endlessStep({ ctename = '', ctequery, cycle_clause: cycle }: CommonTableExpr): SelectStmt | undefined {
  const { op, all, rarg: step } = bodyOf(ctequery, 'SelectStmt') ?? {};
  if (op !== 'SETOP_UNION' || step === undefined || cycle !== undefined) return undefined;
  const alias = aliasOf(ctename, step);
  const values = (step.targetList ?? []).map((target) => bodyOf(target, 'ResTarget')?.val);
  // UNION passes by a row that is there already, which no row is of which something is counted on.
  const isPassing = all !== true && values.every((value) => value !== undefined && 'ColumnRef' in value);
  const isGuarded = conditionsIn(step).some((part) => comparisonOf(part)?.operator !== '=' && mentions(part, alias));
  return alias === null || isPassing || isGuarded ? undefined : step;
}

/** What a step calls the recursion; null where it does not read it. */
function aliasOf(name: string, step: SelectStmt): string | null {
  let found: string | null = null;
  visit(step, (kind, body) => {
    const { relname, schemaname, alias } = body as RangeVar;
    if (kind === 'RangeVar' && relname === name && schemaname === undefined) found = alias?.aliasname ?? name;
  });
  return found;
}

function conditionsIn({ whereClause, fromClause }: SelectStmt): readonly Node[] {
  const parts = [...partsOf(whereClause)];
  visit(fromClause, (kind, body) => {
    if (kind === 'JoinExpr') parts.push(...partsOf((body as JoinExpr).quals));
  });
  return parts;
}

/** A name without a qualifier may be one of the recursion’s, such as of the path or the depth that it has come to. */
function mentions(part: Node, alias: string | null): boolean {
  return referencesIn(part).some(({ ColumnRef: { fields = [] } }) => {
    const [first] = fields.map((field) => bodyOf(field, 'String')?.sval);
    return fields.length === 1 || first === alias;
  });
}

function tablesIn(step: SelectStmt): readonly string[] {
  const names: string[] = [];
  visit(step, (kind, body) => {
    if (kind === 'RangeVar') names.push(String(body['relname']));
  });
  return names;
}

/**
 * Gives the statements that make trees of the rows of a table that a recursion goes through and that refer to each other:
 * a row which refers to no lesser one is hung below the next lesser.
 */
export function endingStatements(tiny: TinyTable): readonly string[] {
  if (!tiny.isStepped) return [];
  const relation = quoteRelation(tiny.table);
  const links = tiny.foreignKeys.flatMap(linkOf);
  const self = keyOf(tiny.table);
  const isOptional = (name: string) => tiny.table.columns.some((column) => column.name === name && !column.notNull);
  const own = links.filter(({ column, target }) => target === self && isOptional(column));
  return own.map(({ column, key }) => {
    const [from, to] = [column, key].map(quoteIdentifier);
    const lesser = `(SELECT max(lesser.${to}) FROM ${relation} AS lesser WHERE lesser.${to} < tiny.${to})`;
    return `UPDATE ${relation} AS tiny SET ${from} = ${hasGreatest(column, tiny) ? lesser : 'NULL'} WHERE ${from} >= ${to}`;
  });
}

/** Types that have max(). */
const WITH_GREATEST: ReadonlySet<string> = new Set(['smallint', 'integer', 'bigint', 'numeric', 'text', 'date']);

function hasGreatest(name: string, { table }: TinyTable): boolean {
  return table.columns.some((column) => column.name === name && WITH_GREATEST.has(column.baseType));
}

interface Link {
  readonly column: string;
  /** Of the table that it refers to. */
  readonly key: string;
  readonly target: string;
}

function linkOf({ columns: [column, second], references }: Constraint): readonly Link[] {
  const key = references?.columns[0];
  if (column === undefined || second !== undefined || references === null || key === undefined) return [];
  return [{ column, key, target: keyOf(references.table) }];
}

function keyOf({ schema, name }: { readonly schema: string; readonly name: string }): string {
  return `${schema}.${name}`;
}
