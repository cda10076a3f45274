import type { AuditLayout } from '../../audit/layout.js';
import type { Session } from '../../postgres/session.js';
import { utcExactly } from '../../postgres/utc.js';
import { quoteIdentifier, quoteLiteral } from '../../sql/quote.js';
import { columnNamed, findTable, type JobColumn, type JobTable, missingColumn } from '../job-table.js';
import type { TimeOutConfig } from './config.js';

/** The audit table of a time-out, and what each of its columns gets. */
export interface AuditTarget {
  readonly table: JobTable;
  readonly layout: AuditLayout;
  /** SQL over a row `changed` of the sweep, by column. */
  readonly fills: ReadonlyMap<string, string>;
  /** Columns that are copied from the row that is timed out. */
  readonly copies: readonly string[];
  /** What is the same in every row, as SQL, by column: what a CHECK can be asked about beforehand. */
  readonly constants: ReadonlyMap<string, string>;
}

/** Of `timeout(1)`, whose exit status it is. */
const EXIT_CODE = 124;
const ACTION = 'timeout';
/** Composite types: the text of one may hang on a session's settings. */
const UNCOVERED = ['C'];
/** Never copied, whatever else asks for it: they hold what people sent and got. */
const PRIVATE = ['params', 'result'];

const NAMES = {
  action: ['action', 'event', 'event_type', 'operation'],
  result: ['result', 'outcome', 'status', 'new_status', 'to_status', 'state'],
  before: ['from_status', 'old_status', 'previous_status', 'from_state'],
  message: ['message', 'description', 'note', 'reason', 'detail'],
  metadata: ['metadata', 'details', 'context', 'data', 'payload'],
} as const;

/**
 * SQL for the metadata of an audit row, as text: what is its own, and what its rule and run have in common. Reading a text
 * takes less than building the same from values.
 */
function metadataSql(hasType: boolean): string {
  const type = hasType ? `|| ', "type": ' || pg_catalog.to_json(changed.type)::text` : '';
  return `'{"waiting_since": "' || ${utcExactly('changed.waiting_since')}
    || '", "waited_seconds": ' || changed.waited_seconds ${type} || changed.told`;
}
const MESSAGE = `pg_catalog.concat(changed.from_status, ' for ', changed.waited_seconds, ' s, more than the ',
  changed.threshold_seconds, ' s allowed')`;

/** Decides what each column of the audit table gets; a sentence where the table cannot be filled. */
export async function planAuditTable(
  session: Session,
  wanted: TimeOutConfig & { readonly audit: NonNullable<TimeOutConfig['audit']> },
  swept: JobTable,
): Promise<AuditTarget | string> {
  const table = await findTable(session, wanted.audit.table);
  if (typeof table === 'string') return table;
  if (!table.rights.INSERT || !table.rights.SELECT)
    return `this role may not INSERT into and SELECT from ${table.sql}: GRANT INSERT, SELECT ON ${table.sql} to it`;
  const key = table.columns.find((column) => column.isUnique && column.notNull);
  if (key === undefined)
    return `${table.sql} has no primary key of one column, by which the audit chain could name its rows: add one`;
  const links = await readLinks(session, table, swept);
  const reference = findReference(wanted.audit.reference, { table, swept, links });
  if (typeof reference !== 'string') return reference.refusal;
  const { fills, constants, told, marker } = fillByName(table, wanted, reference);
  const copies = copiesOf({ table, swept, links }, [...fills.keys(), key.name]);
  for (const name of copies) fills.set(name, `changed.${quoteIdentifier(`copy of ${name}`)}`);
  const empty = table.columns.find((column) => column.notNull && !column.hasDefault && !fills.has(column.name));
  if (empty !== undefined)
    return `${table.sql} wants a value in ${empty.name} (${empty.type}), and a time-out has none for it: give that column a default`;
  if (told.length === 0)
    return `${table.sql} has no column that could tell of a time-out: add a jsonb column metadata, or one of ${[...NAMES.action, ...NAMES.result].join(', ')}`;
  return { table, layout: layoutOf({ table, key, links, marker, filled: fills }), fills, copies, constants };
}

/** A column of the audit table with a foreign key of its own. */
interface Link {
  readonly column: string;
  readonly refersToSwept: boolean;
  /** True where deleting the row that it refers to empties it. */
  readonly isEmptied: boolean;
}

interface AuditPlace {
  readonly table: JobTable;
  readonly swept: JobTable;
  readonly links: readonly Link[];
}

async function readLinks(session: Session, table: JobTable, swept: JobTable): Promise<readonly Link[]> {
  const read = await session.query<Link>(
    `SELECT a.attname AS column, k.confrelid = $2 AND pg_catalog.cardinality(k.conkey) = 1 AS "refersToSwept",
            k.confdeltype IN ('n', 'd') AS "isEmptied"
     FROM pg_catalog.pg_constraint AS k
     JOIN pg_catalog.pg_attribute AS a ON a.attrelid = k.conrelid AND a.attnum = ANY (k.conkey)
     WHERE k.conrelid = $1 AND k.contype = 'f'
     ORDER BY a.attnum, k.oid`,
    [table.oid, swept.oid],
  );
  return read.rows;
}

function findReference(given: string | undefined, place: AuditPlace): string | { readonly refusal: string } {
  const { table, swept, links } = place;
  if (given !== undefined)
    return columnNamed(table, given) === undefined ? { refusal: missingColumn(table, given) } : given;
  const linked = links.find((link) => link.refersToSwept);
  if (linked !== undefined) return linked.column;
  const singular = swept.name.replace(/ies$/, 'y').replace(/s$/, '');
  const names = [`${singular}_id`, `${singular.split('_').at(-1)}_id`, singular];
  const named = names.find((name) => columnNamed(table, name) !== undefined);
  return (
    named ?? {
      refusal: `${table.sql} has no column that refers to ${swept.sql}: name it as audit.reference in the configuration`,
    }
  );
}

function fillByName(table: JobTable, { to, type: typeColumn }: TimeOutConfig, reference: string) {
  const isTextReference = table.columns.some((column) => column.name === reference && column.category === 'S');
  const fills = new Map([[reference, isTextReference ? 'changed.key::text' : 'changed.key']]);
  const constants = new Map<string, string>();
  const told: string[] = [];
  const fill = (names: readonly string[], fits: (column: JobColumn) => boolean, sql: (column: JobColumn) => string) => {
    const column = names
      .map((name) => columnNamed(table, name))
      .find((each) => each !== undefined && fits(each) && !each.isGenerated && !fills.has(each.name));
    if (column !== undefined) fills.set(column.name, sql(column));
    return column;
  };
  const constant = (names: readonly string[], value: string) => {
    const column = fill(names, isText, (each) => typedLiteral(value, each));
    if (column === undefined) return null;
    constants.set(column.name, typedLiteral(value, column));
    told.push(column.name);
    return { column: column.name, value };
  };
  const action = constant(NAMES.action, ACTION);
  const result = constant(NAMES.result, to);
  fill(NAMES.before, isText, ({ category, type }) => `changed.from_status${category === 'E' ? `::${type}` : ''}`);
  const message = fill(NAMES.message, isText, () => MESSAGE);
  const metadata = fill(
    NAMES.metadata,
    ({ type }) => /^jsonb?$/.test(type),
    ({ type }) => `(${metadataSql(typeColumn !== null)})::${type}`,
  );
  told.push(...[message, metadata].flatMap((column) => (column === undefined ? [] : [column.name])));
  fill(
    ['exit_code'],
    ({ category }) => category === 'N',
    () => String(EXIT_CODE),
  );
  fill(
    ['duration_seconds'],
    ({ category }) => category === 'N',
    () => 'changed.waited_seconds',
  );
  for (const column of table.columns)
    if (column.category === 'D' && column.notNull && !column.hasDefault && !fills.has(column.name))
      fills.set(column.name, 'pg_catalog.now()');
  return { fills, constants, told, marker: result ?? action };
}

function isText({ category }: JobColumn): boolean {
  return category === 'S' || category === 'E';
}

/** A constant of an enum has to say so; to a text column it is assigned, so that one that is too long is refused. */
function typedLiteral(value: string, { category, type }: JobColumn): string {
  return category === 'E' ? `${quoteLiteral(value)}::${type}` : quoteLiteral(value);
}

/** Columns of one name and type in both tables that are keys of something, or that have to be given. */
function copiesOf({ table, swept, links }: AuditPlace, taken: readonly string[]): readonly string[] {
  return table.columns
    .filter(({ name, type, notNull, hasDefault, isGenerated }) => {
      if (taken.includes(name) || isGenerated || PRIVATE.includes(name) || /^jsonb?$/.test(type)) return false;
      const isWanted = (notNull && !hasDefault) || links.some((link) => link.column === name);
      return isWanted && columnNamed(swept, name)?.type === type;
    })
    .map((column) => column.name);
}

interface LayoutParts {
  readonly table: JobTable;
  readonly key: JobColumn;
  readonly links: readonly Link[];
  readonly marker: AuditLayout['marker'];
  readonly filled: ReadonlyMap<string, string>;
}

function layoutOf({ table, key, links, marker, filled }: LayoutParts): AuditLayout {
  const emptied = [...new Set(links.filter((link) => link.isEmptied).map((link) => link.column))];
  const unset = emptied.filter((name) => !filled.has(name) && columnNamed(table, name)?.hasDefault === false);
  const references = emptied.filter((name) => !unset.includes(name));
  const columns = table.columns
    .filter(({ name, category }) => !emptied.includes(name) && !UNCOVERED.includes(category))
    .map(({ name, isPortable }) => ({ name, form: isPortable ? ('binary' as const) : ('text' as const) }));
  const kept = [key.type, ...references.map((name) => columnNamed(table, name)?.type)];
  const uuids = references.length <= 1 && kept.every((type) => type === 'uuid') ? { uuids: true } : {};
  return { table: table.sql, key: { name: key.name, type: key.type }, columns, references, unset, ...uuids, marker };
}
