import type { Session } from '../../postgres/session.js';
import { quoteIdentifier, quoteLiteral } from '../../sql/quote.js';
import { readChecks } from '../check-constraints.js';

/** What can be known beforehand of the rows that the tables of the fold refuse, as SQL. */
export interface FoldTests {
  /** Why a row is refused, in PostgreSQL's own words; NULL where nothing is known against it. */
  readonly state: string;
  readonly history: string;
  /** The columns that these are about, in the types that the tables give them. */
  readonly stateColumns: string;
  readonly historyColumns: string;
}

const STATE = [
  ...['agent_id', 'package_type', 'package_name', 'current_version', 'available_version', 'severity', 'status'],
  ...['last_discovered_at', 'last_updated_at'],
];
const HISTORY = [
  ...[
    'id',
    'agent_id',
    'command_id',
    'package_type',
    'package_name',
    'version_from',
    'version_to',
    'status',
    'message',
  ],
  'created_at',
];

/** Reads the tests: CHECK constraints on what the fold writes, and lengths. What else refuses a row shows when it is written. */
export async function readFoldTests(session: Session): Promise<FoldTests> {
  const state = await readTests(session, 'public.current_package_state', STATE);
  const history = await readTests(session, 'public.update_version_history', HISTORY);
  return {
    ...{ state: state.reason, stateColumns: state.columns },
    ...{ history: history.reason, historyColumns: history.columns },
  };
}

interface Column {
  readonly oid: number;
  readonly name: string;
  /** Without its length. */
  readonly type: string;
  /** As a length of `character varying` has it; null for none. */
  readonly lengthMax: number | null;
}

async function readTests(session: Session, table: string, names: readonly string[]) {
  const read = await session.query<Column>(
    `SELECT attrelid AS oid, attname AS name, pg_catalog.format_type(atttypid, NULL) AS type,
            CASE WHEN atttypid = 'pg_catalog.varchar'::regtype AND atttypmod > 4 THEN atttypmod - 4 END AS "lengthMax"
     FROM pg_catalog.pg_attribute
     WHERE attrelid = $1::regclass AND attname = ANY ($2) AND NOT attisdropped ORDER BY attnum`,
    [table, names],
  );
  const checks = await readChecks(session, read.rows[0]?.oid ?? 0);
  const short = table.replace('public.', '');
  const reasons = [
    ...read.rows.flatMap(({ name, lengthMax }) =>
      // Spaces beyond the length are cut off without a word.
      lengthMax === null ? [] : [tooLong(quoteIdentifier(name), lengthMax)],
    ),
    ...checks
      .filter(({ columns }) => columns.every((name) => names.includes(name)))
      .map(({ name, expression }) => ({
        refuses: `(${expression}) IS FALSE`,
        reason: `new row for relation "${short}" violates check constraint "${name}"`,
      })),
  ];
  const whens = reasons.map(({ refuses, reason }) => `WHEN ${refuses} THEN ${quoteLiteral(reason)}`);
  return {
    reason: whens.length === 0 ? 'NULL' : `CASE ${whens.join(' ')} END`,
    columns: read.rows.map(({ name, type }) => `${quoteIdentifier(name)}::${type}`).join(', '),
  };
}

function tooLong(column: string, lengthMax: number) {
  return {
    refuses: `char_length(rtrim(${column}, ' ')) > ${lengthMax}`,
    reason: `value too long for type character varying(${lengthMax})`,
  };
}
