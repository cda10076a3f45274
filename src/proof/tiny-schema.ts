import type { Node, TypeCast } from '@pgsql/types';
import type { Catalog, Column, Constraint, Table } from '../model/catalog.js';
import { queryOfView } from '../sql/analysis/views.js';
import { type NamedRelation, statementRelations } from '../sql/classify.js';
import { conjunctsOf, constantOf } from '../sql/conjuncts.js';
import { parseStatement } from '../sql/parse.js';
import { bodyOf, visit } from '../sql/walk.js';
import { type ColumnCondition, columnConditions } from './column-conditions.js';
import { type DocumentPath, longestPaths, looksInto } from './document-paths.js';
import { steppedTables } from './endless-recursion.js';
import { meetingConstants } from './meeting-constants.js';

/** A table that tiny databases fill. */
export interface TinyTable {
  readonly table: Table;
  /** Those that rows give values for; the others take their defaults. */
  readonly columns: readonly TinyColumn[];
  /** Conditions of its CHECKs. */
  readonly checks: readonly string[];
  /** Foreign keys to tables that are filled too. */
  readonly foreignKeys: readonly Constraint[];
  /** A recursion of the statements goes through it from row to row. */
  readonly isStepped: boolean;
}

export interface TinyColumn {
  readonly column: Column;
  /** False where no statement reads it: one value will do. */
  readonly varies: boolean;
  /** It stands in a key, whose rows all differ. */
  readonly isKey: boolean;
  /** Constants that statements and CHECKs compare it with. */
  readonly constants: readonly string[];
  /** Constants between which joins lead through it; none as a rule. */
  readonly meeting: readonly string[];
  /** What statements ask of columns of its name alone, as SQL over that name. */
  readonly conditions: readonly string[];
  /** Keys, one below the other, under which statements look into its documents. */
  readonly paths: readonly (readonly string[])[];
  /** A statement casts it to text, so that texts are compared with those of its values. */
  readonly isReadAsText: boolean;
  /** The only values that a CHECK lets in; null where any may do. */
  readonly allowed: readonly string[] | null;
}

/** What the compared statements need of a schema. */
export interface TinySchema {
  readonly tables: readonly TinyTable[];
  /** Tables that they write to. */
  readonly written: readonly Table[];
  /** All constants of the statements. */
  readonly constants: readonly string[];
  /** They ask for the time of day, so that times around it tell most. */
  readonly readsClock: boolean;
}

/** Gives the tables that statements read, views seen through, with what their columns are compared with. */
export function tinySchemaOf(trees: readonly Node[], catalog: Catalog): TinySchema {
  const seen: Node[] = [];
  const tables = new Map<number, Table>();
  const waiting = [...trees];
  for (let tree = waiting.pop(); tree !== undefined; tree = waiting.pop()) {
    seen.push(tree);
    const { reads, writes } = statementRelations(tree);
    for (const relation of [...reads, ...writes]) {
      const table = tableOf(relation, catalog);
      if (table !== null) tables.set(table.oid, table);
      const query = table === null ? viewOf(relation, catalog) : null;
      if (query !== null && !seen.includes(query)) waiting.push(query);
    }
  }
  const mentions = mentionsIn(seen);
  const inOrder = [...tables.values()].sort((a, b) => a.oid - b.oid);
  const written = new Set(trees.flatMap((tree) => statementRelations(tree).writes.map(({ name }) => name)));
  return {
    tables: inOrder.map((table) => tinyTable(table, { mentions, tables: inOrder })),
    written: inOrder.filter(({ name }) => written.has(name)),
    constants: [...mentions.constants],
    readsClock: mentions.readsClock,
  };
}

/** Without a schema the search path decides, of which nothing is known but that `public` is likely on it. */
function tableOf({ schema, name }: NamedRelation, { tables }: Catalog): Table | null {
  const named = tables.filter((table) => table.name === name && (schema === null || table.schema === schema));
  return named.find((table) => table.schema === 'public') ?? named[0] ?? null;
}

const queries = new WeakMap<object, Node>();

function viewOf({ schema, name }: NamedRelation, { objects = [] }: Catalog): Node | null {
  const view = objects.find(
    (object) => object.kind === 'view' && object.name === name && (schema === null || object.schema === schema),
  );
  const query = view === undefined ? null : queryOfView(view);
  if (view === undefined || query === null) return null;
  const node = queries.get(view) ?? { SelectStmt: query };
  queries.set(view, node);
  return node;
}

interface Mentions {
  /** Names, of whatever table. */
  readonly columns: ReadonlySet<string>;
  /** Every column may be read: a star, a whole row, a natural join. */
  readonly isAll: boolean;
  readonly constants: ReadonlySet<string>;
  /** By column name. */
  readonly compared: ReadonlyMap<string, ReadonlySet<string>>;
  readonly meeting: ReturnType<typeof meetingConstants>;
  readonly readsClock: boolean;
  /** Names of columns that are cast to text. */
  readonly asText: ReadonlySet<string>;
  /** Where documents are looked into. */
  readonly paths: readonly DocumentPath[];
  readonly conditions: readonly ColumnCondition[];
  /** Names of tables that recursions go through. */
  readonly stepped: ReadonlySet<string>;
}

const CLOCKS: ReadonlySet<string> = new Set(['now', 'statement_timestamp', 'transaction_timestamp', 'clock_timestamp']);

function mentionsIn(trees: readonly Node[]): Mentions {
  const columns = new Set<string>();
  const constants = new Set<string>();
  const compared = new Map<string, Set<string>>();
  const aliases = new Set<string>();
  const asText = new Set<string>();
  const paths: DocumentPath[] = [];
  let [hasStar, readsClock] = [false, false];
  visit(trees, (kind, body, path) => {
    if (kind === 'A_Star') hasStar ||= path.includes('ColumnRef');
    if (kind === 'JoinExpr') hasStar ||= body['isNatural'] === true;
    if (kind === 'RangeVar' || kind === 'Alias') aliases.add(String(body['relname'] ?? body['aliasname']));
    if (kind === 'String' && !path.includes('funcname')) columns.add(String(body['sval']));
    if (kind === 'ResTarget' && typeof body['name'] === 'string') columns.add(body['name']);
    if (kind === 'SQLValueFunction') readsClock = true;
    if (kind === 'FuncCall') readsClock ||= CLOCKS.has(lastName(body['funcname']));
    if (kind === 'TypeCast') for (const name of textCasts(body as TypeCast)) asText.add(name);
    if (kind === 'A_Const') addConstant({ A_Const: body } as Node, constants);
    if (kind === 'A_Expr') for (const name of namesIn(body)) addAll(compared, name, constantsIn(body));
    if (kind === 'A_Expr') paths.push(...looksInto({ A_Expr: body } as Node));
  });
  const hasWholeRow = [...aliases].some((alias) => wholeRows(trees).has(alias));
  const asked = {
    conditions: columnConditions(trees),
    meeting: meetingConstants(trees),
    stepped: steppedTables(trees),
  };
  return { columns, isAll: hasStar || hasWholeRow, constants, compared, readsClock, asText, paths, ...asked };
}

function textCasts({ arg, typeName }: TypeCast): readonly string[] {
  const isText = ['text', 'varchar'].includes(lastName(typeName?.names));
  const reference = isText ? bodyOf(arg, 'ColumnRef') : null;
  return reference === null ? [] : [lastName(reference.fields)];
}

/** References of one name alone: columns, or whole rows of a relation of that name. */
function wholeRows(trees: readonly Node[]): ReadonlySet<string> {
  const names = new Set<string>();
  visit(trees, (kind, body) => {
    const fields = kind === 'ColumnRef' ? (body['fields'] as readonly Node[]) : [];
    if (fields.length === 1) names.add(bodyOf(fields[0], 'String')?.sval ?? '');
  });
  return names;
}

function lastName(names: unknown): string {
  return bodyOf((names as readonly Node[] | undefined)?.at(-1), 'String')?.sval ?? '';
}

function addConstant(node: Node, constants: Set<string>): void {
  const text = constantOf(node);
  if (text !== null) constants.add(text);
}

function constantsIn(value: unknown): ReadonlySet<string> {
  const constants = new Set<string>();
  visit(value, (kind, body) => {
    if (kind === 'A_Const') addConstant({ A_Const: body } as Node, constants);
    // What a query inside is compared with is told by its own comparisons.
    return kind !== 'SubLink';
  });
  return constants;
}

function namesIn(value: unknown): ReadonlySet<string> {
  const names = new Set<string>();
  visit(value, (kind, body) => {
    if (kind === 'ColumnRef') names.add(lastName(body['fields']));
  });
  return names;
}

function addAll(map: Map<string, Set<string>>, key: string, values: ReadonlySet<string>): void {
  const known = map.get(key) ?? new Set<string>();
  for (const value of values) known.add(value);
  map.set(key, known);
}

function tinyTable(
  table: Table,
  { mentions, tables }: { readonly mentions: Mentions; readonly tables: readonly Table[] },
): TinyTable {
  const foreignKeys = table.constraints.filter(
    ({ references }) =>
      references !== null &&
      tables.some(({ schema, name }) => schema === references.table.schema && name === references.table.name),
  );
  const checks = table.constraints
    .filter(({ kind }) => kind === 'check')
    .map(({ definition }) => conditionOf(definition));
  const keys = new Set(
    table.indexes.flatMap(({ unique, keys: parts }) => (unique ? parts.map(({ column }) => column) : [])),
  );
  const needed = new Set([
    ...foreignKeys.flatMap((key) => key.columns),
    ...table.constraints.filter(({ kind }) => kind === 'check').flatMap((check) => check.columns),
    ...keys,
  ]);
  const isRead = ({ name }: Column) => mentions.isAll || mentions.columns.has(name);
  const isFilled = (column: Column) =>
    !column.dropped &&
    column.generated !== 'virtual' &&
    (isRead(column) || needed.has(column.name) || (column.notNull && column.default === null));
  const columns = table.columns.filter(isFilled).map((column) => ({
    column,
    varies: isRead(column) || needed.has(column.name),
    isKey: keys.has(column.name),
    constants: [...(mentions.compared.get(column.name) ?? [])],
    meeting: mentions.meeting.get(column.name) ?? [],
    conditions: mentions.conditions.flatMap((each) => (each.column === column.name ? [each.sql] : [])),
    paths: longestPaths(mentions.paths.flatMap((path) => (path.column === column.name ? [path.keys] : []))),
    isReadAsText: mentions.asText.has(column.name) && column.typeCategory !== 'S',
    allowed: allowedBy(checks, column.name),
  }));
  return { table, columns, checks, foreignKeys, isStepped: mentions.stepped.has(table.name) };
}

/** `CHECK ((a > 0)) NOT VALID` without its words. */
function conditionOf(definition: string): string {
  return definition.replace(/^CHECK\s*/, '').replace(/\s+(NO INHERIT|NOT VALID|NOT ENFORCED)\b/g, '');
}

function allowedBy(checks: readonly string[], column: string): readonly string[] | null {
  const equalities = checks
    .flatMap(conjunctsOf)
    .filter((conjunct) => conjunct.column === column && conjunct.kind === 'equality');
  return equalities[0]?.values ?? null;
}

/** Gives the tree of a statement. */
export function treeOf(sql: string): Node {
  return parseStatement(sql).tree;
}
