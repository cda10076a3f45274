import type { Node } from '@pgsql/types';
import type { Session } from '../../postgres/session.js';
import { quoteIdentifier, quoteLiteral, quoteRelation } from '../../sql/quote.js';
import { readRelations } from './catalog-state.js';
import type { LintFile, LintStatement } from './lint-file.js';
import type { LintRelation, ZonedObject, ZonedOutcome } from './observation.js';
import { statementErrorOf } from './statement-error.js';

/** 26 hours apart, so that at any moment they have different days. */
const ZONES = { east: 'Etc/GMT-14', west: 'Etc/GMT+12' };

/** Of a file that no time zone has a say in. */
export const SAME_IN_EACH_ZONE: ZonedOutcome = { objects: [], rewrites: [] };

/**
 * Runs a file twice under one time zone and once under another, takes all of it back, and gives what came out otherwise
 * because of the zone: columns by their values, and defaults, constraints and partition bounds as the catalog has them;
 * and which tables a zone other than UTC has written anew.
 */
export async function compareTimeZones(
  main: Session,
  file: LintFile,
  relations: ReadonlyMap<number, LintRelation>,
): Promise<ZonedOutcome> {
  if (!file.transactional || !file.statements.some((each) => mayDepend(each, relations))) return SAME_IN_EACH_ZONE;
  const first = await outcomeUnder(main, file, ZONES.east);
  if (first === null) return SAME_IN_EACH_ZONE;
  const rewrites = rewritten(relations, first.relations).map((relation) => ({
    relation,
    statement: makerOf(file, relation.name, undefined),
  }));
  const other = await outcomeUnder(main, file, ZONES.west);
  const differing = other === null ? [] : unequal(first.digests, other.digests);
  if (differing.length === 0) return { objects: [], rewrites };
  const again = await outcomeUnder(main, file, ZONES.east);
  if (again === null) return { objects: [], rewrites };
  // Random values differ under one zone, too.
  const anyway = new Set(unequal(first.digests, again.digests));
  const objects = differing.filter((object) => !anyway.has(object)).map((object) => zonedObject(file, object));
  return { objects, rewrites };
}

function zonedObject(file: LintFile, object: string): ZonedObject {
  const [table = '', column] = object.split('\n');
  return {
    table,
    object: column === undefined ? table : `${table}.${column}`,
    statement: makerOf(file, table, column),
  };
}

/** Tables that have another file than before, and rows in it. */
function rewritten(before: ReadonlyMap<number, LintRelation>, after: ReadonlyMap<number, LintRelation>) {
  return [...before.values()].filter(({ oid, kind, filenode }) => {
    const now = after.get(oid);
    return kind === 'r' && now !== undefined && now.filenode !== filenode && now.sizeBytes > 0;
  });
}

/** What a date or a time turns on, in a statement's text. */
const TURNS =
  /'[^']*\d{4}-\d\d?-\d\d?|current_date|localtime|::\s*(date|time)|\bas\s+(date|time)|type\s+(date|time)|date_trunc|date_part|extract|to_char|to_timestamp|'(today|tomorrow|yesterday|midnight|now)'/i;
const MOMENT = /^(date|time|timestamp)/;
const MOVES_ROWS = ['InsertStmt', 'UpdateStmt', 'DeleteStmt', 'MergeStmt', 'CreateTableAsStmt', 'DoStmt'] as const;

function mayDepend({ tree, text }: LintStatement, relations: ReadonlyMap<number, LintRelation>): boolean {
  if (!isOfTables(tree)) return false;
  if (TURNS.test(text)) return true;
  if (!MOVES_ROWS.some((kind) => kind in tree)) return false;
  const named = [...relations.values()].filter(({ name }) => text.includes(name));
  return named.some(({ columns }) => [...columns.values()].some(({ type }) => MOMENT.test(type)));
}

function isOfTables(tree: Node): boolean {
  return 'CreateStmt' in tree || 'AlterTableStmt' in tree || MOVES_ROWS.some((kind) => kind in tree);
}

interface Outcome {
  /** For each table and column that the file names. */
  readonly digests: ReadonlyMap<string, string>;
  readonly relations: ReadonlyMap<number, LintRelation>;
}

/** What the file leaves; null where it does not go through. */
async function outcomeUnder(main: Session, file: LintFile, zone: string): Promise<Outcome | null> {
  await main.script(`BEGIN; SET LOCAL TimeZone = ${quoteLiteral(zone)}`);
  try {
    for (const { text } of file.statements) await main.query(text);
    await main.script(`SET CONSTRAINTS ALL IMMEDIATE; SET LOCAL TimeZone = 'UTC'; SET LOCAL DateStyle = 'ISO'`);
    const relations = await readRelations(main);
    return { digests: await digests(main, file, relations), relations };
  } catch (thrown) {
    statementErrorOf(thrown);
    return null;
  } finally {
    await main.query('ROLLBACK');
  }
}

async function digests(
  main: Session,
  file: LintFile,
  relations: ReadonlyMap<number, LintRelation>,
): Promise<ReadonlyMap<string, string>> {
  const text = file.script.text.toLowerCase();
  const named = [...relations.values()].filter(
    ({ kind, name }) => (kind === 'r' || kind === 'p') && text.includes(name.toLowerCase()),
  );
  const found = new Map<string, string>();
  for (const table of named) {
    const relation = quoteRelation(table);
    const { rows: catalog } = await main.query<{ object: string; digest: string }>(CATALOG, [relation]);
    for (const { object, digest } of catalog) found.set(`${relation}\n${object}`, digest);
    const columns = [...table.columns.values()].map(({ name }) => name);
    if (columns.length === 0) continue;
    const sums = columns.map((name) => `sum(pg_catalog.hashtextextended(${quoteIdentifier(name)}::text, 0))::text`);
    const [values = []] = await main.queryArrays(`SELECT ${sums.join(', ')} FROM ${relation}`);
    for (const [place, name] of columns.entries()) found.set(`${relation}\n${name}`, String(values[place]));
  }
  return found;
}

const CATALOG = `SELECT 'default of ' || attribute.attname AS object, pg_catalog.pg_get_expr(adbin, adrelid) AS digest
  FROM pg_catalog.pg_attrdef JOIN pg_catalog.pg_attribute AS attribute ON attrelid = adrelid AND attnum = adnum
  WHERE adrelid = $1::pg_catalog.regclass
  UNION ALL SELECT 'constraint ' || conname, pg_catalog.pg_get_constraintdef(oid)
  FROM pg_catalog.pg_constraint WHERE conrelid = $1::pg_catalog.regclass
  UNION ALL SELECT 'partition', pg_catalog.pg_get_expr(relpartbound, oid)
  FROM pg_catalog.pg_class WHERE oid = $1::pg_catalog.regclass AND relispartition
  ORDER BY 1`;

function unequal(one: ReadonlyMap<string, string>, other: ReadonlyMap<string, string>): readonly string[] {
  return [...one].filter(([object, digest]) => other.get(object) !== digest).map(([object]) => object);
}

function makerOf(file: LintFile, table: string, column: string | undefined): LintStatement | null {
  const words = [table.split('.').at(-1) ?? table, column?.split(' ').at(-1) ?? ''].map((word) =>
    word.replaceAll('"', ''),
  );
  const naming = file.statements.filter(({ text, tree }) => {
    const lower = text.toLowerCase();
    return isOfTables(tree) && words.every((word) => lower.includes(word.toLowerCase()));
  });
  return naming.filter(({ text }) => TURNS.test(text)).at(-1) ?? naming.at(-1) ?? null;
}
