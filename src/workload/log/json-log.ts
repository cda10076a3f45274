import { type LogRecord, type OnUnreadable, type RecordReader, readLogTime, transactionOf } from './log-record.js';

/** What jsonlog writes of a message (PostgreSQL 15 and later); absent where there is nothing to say. */
interface JsonLine {
  readonly timestamp?: string;
  readonly user?: string;
  readonly dbname?: string;
  readonly pid?: number;
  readonly session_id?: string;
  readonly line_num?: number;
  readonly vxid?: string;
  readonly txid?: number;
  readonly message?: string;
  readonly detail?: string;
  readonly context?: string;
  readonly application_name?: string;
}

/** Makes a reader of jsonlog: an object a line. */
export function jsonLogReader(onUnreadable: OnUnreadable): RecordReader {
  return {
    line: (text) => {
      if (text === '') return [];
      const record = readLine(text);
      if (record === null) onUnreadable(text);
      return record === null ? [] : [record];
    },
    end: () => [],
  };
}

function readLine(text: string): LogRecord | null {
  let read: JsonLine;
  try {
    // query_id is not looked at: it does not survive as a number.
    read = JSON.parse(text) as JsonLine;
  } catch {
    return null;
  }
  if (typeof read !== 'object' || read === null || typeof read.message !== 'string') return null;
  return {
    atMs: readLogTime(textOf(read.timestamp) ?? ''),
    session: textOf(read.session_id) ?? (typeof read.pid === 'number' ? String(read.pid) : ''),
    line: typeof read.line_num === 'number' ? read.line_num : null,
    user: textOf(read.user),
    database: textOf(read.dbname),
    application: textOf(read.application_name),
    transaction: transactionOf(
      textOf(read.vxid) ?? undefined,
      typeof read.txid === 'number' ? String(read.txid) : undefined,
    ),
    message: read.message,
    detail: textOf(read.detail),
    context: textOf(read.context),
  };
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
