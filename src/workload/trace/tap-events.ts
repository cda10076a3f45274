import type { TapColumn, TapExecution } from '../../model/tap-record.js';
import type { RecordedRows, StatementEvent, ValueForm } from '../../model/trace.js';
import type { SkipTally } from '../skip-tally.js';

/** Why a record is left out. */
const REASONS = {
  failed: 'a statement that failed',
  cut: 'a statement that was too long to be recorded whole',
  broken: 'a record of a tap that lacks what it should hold',
  newer: 'a recording of a later version of pgsteward',
} as const;

type Fields = Readonly<Record<string, unknown>>;

/** Makes statements of the records of `pgsteward tap`. */
export class TapEvents {
  private readonly emit: (event: StatementEvent) => void;
  private readonly skipped: SkipTally;
  private isHashed = true;
  private isKnown = true;

  constructor(emit: (event: StatementEvent) => void, skipped: SkipTally) {
    this.emit = emit;
    this.skipped = skipped;
  }

  /** Takes one line's value; false where its `kind` is none of a tap's. */
  add(record: Fields): boolean {
    if (record['kind'] === 'recording') this.begin(record);
    else if (record['kind'] === 'execution') this.addExecution(record);
    else if (record['kind'] === 'end') this.addEnd(record);
    else return record['kind'] === 'session';
    return true;
  }

  private begin({ version, values }: Fields): void {
    this.isKnown = version === 1;
    this.isHashed = values !== 'plain';
    if (!this.isKnown) this.skipped.add(REASONS.newer, `version ${String(version)}`);
  }

  private addExecution(record: Fields): void {
    if (!this.isKnown) return;
    const execution = readExecution(record);
    if (execution === null) {
      this.skipped.add(REASONS.broken, JSON.stringify(record).slice(0, 300));
      return;
    }
    const reason = execution.error !== null ? REASONS.failed : execution.textComplete ? null : REASONS.cut;
    if (reason === null) this.emit(eventOf(execution, this.isHashed));
    else this.skipped.add(reason, execution.text);
  }

  /** What the tap itself could not record. */
  private addEnd(counts: Fields): void {
    for (const [name, reason] of Object.entries(LOSSES)) {
      const count = counts[name];
      if (typeof count === 'number' && count > 0) this.skipped.add(reason, `${count} connections`, count);
    }
  }
}

const LOSSES: Readonly<Record<string, string>> = {
  encrypted: 'an encrypted connection, of which the tap sees nothing',
  unreadable: 'a connection that the tap could not follow',
  dropped: 'a connection that the recording had no room for',
};

function eventOf(record: TapExecution, isHashed: boolean): StatementEvent {
  const { session, sequence, startedAtMs, durationMs, text, parameters, user, database, application } = record;
  const valueForm = valueFormOf(record, isHashed);
  const rows = rowsOf(record);
  return {
    ...{ atMs: startedAtMs + durationMs, session, sequence, text, durationMs, user, database, application },
    parameters: parameters !== null && parameters.length > 0 ? parameters : null,
    transaction: record.transaction,
    isFetch: record.fetch,
    rowCount: record.rows,
    ...(valueForm === 'plain' ? {} : { valueForm }),
    ...(rows === null ? {} : { rows }),
  };
}

/** A text without parameters holds its values itself, or has none. */
function valueFormOf({ parameters, text }: TapExecution, isHashed: boolean): ValueForm {
  if (parameters === null && /\$\d/.test(text)) return 'absent';
  return isHashed && parameters !== null && parameters.length > 0 ? 'stand-in' : 'plain';
}

function rowsOf({ columns, keyColumns, keys }: TapExecution): RecordedRows | null {
  if (columns === null || keyColumns.length === 0) return null;
  const kept = keyColumns.map((place) => columns[place]);
  if (!kept.every((column) => column !== undefined)) return null;
  return {
    columns: kept.map(({ name, table, attribute }) => ({ name, tableOid: table, position: attribute })),
    rows: keys,
  };
}

function readExecution(fields: Fields): TapExecution | null {
  const { session, text, startedAtMs, durationMs, sequence, rows, parameters, columns, keyColumns, keys } = fields;
  const isWhole =
    typeof session === 'string' &&
    typeof text === 'string' &&
    [startedAtMs, durationMs, sequence, rows].every(Number.isFinite) &&
    (parameters === null || isTexts(parameters)) &&
    (columns === null || (Array.isArray(columns) && columns.every(isColumn))) &&
    Array.isArray(keyColumns) &&
    keyColumns.every(Number.isInteger) &&
    Array.isArray(keys) &&
    keys.every(isTexts) &&
    ['error', 'transaction', 'user', 'database', 'application'].every((name) => isTextOrNull(fields[name]));
  return isWhole ? (fields as unknown as TapExecution) : null;
}

function isColumn(value: unknown): value is TapColumn {
  const { name, table, attribute } = (value ?? {}) as Fields;
  return typeof name === 'string' && Number.isInteger(table) && Number.isInteger(attribute);
}

function isTexts(value: unknown): value is readonly (string | null)[] {
  return Array.isArray(value) && value.every(isTextOrNull);
}

function isTextOrNull(value: unknown): value is string | null {
  return value === null || typeof value === 'string';
}
