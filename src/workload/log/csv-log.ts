import { type LogRecord, type OnUnreadable, type RecordReader, readLogTime, transactionOf } from './log-record.js';

/** Columns by their number, of every version since 9.0. */
const COLUMN = {
  time: 0,
  user: 1,
  database: 2,
  pid: 3,
  session: 5,
  line: 6,
  virtual: 9,
  transaction: 10,
  message: 13,
  detail: 14,
  context: 18,
  application: 22,
};
const COLUMNS_LEAST = 23;
/** A field that is open for longer than this is a quote that was lost. */
const LINES_MAX = 20_000;

/** Makes a reader of csvlog: quoted fields may run over lines. */
export function csvLogReader(onUnreadable: OnUnreadable): RecordReader {
  let open: string[] = [];
  let quotes = 0;
  const flush = (): readonly LogRecord[] => {
    const text = open.join('\n');
    open = [];
    quotes = 0;
    if (text === '') return [];
    const record = readRow(text);
    if (record === null) onUnreadable(text);
    return record === null ? [] : [record];
  };
  return {
    line: (text) => {
      open.push(text);
      quotes += countQuotes(text);
      return quotes % 2 === 0 || open.length > LINES_MAX ? flush() : [];
    },
    end: flush,
  };
}

function countQuotes(text: string): number {
  let count = 0;
  for (let at = text.indexOf('"'); at !== -1; at = text.indexOf('"', at + 1)) count += 1;
  return count;
}

function readRow(text: string): LogRecord | null {
  const fields = splitFields(text);
  if (fields.length < COLUMNS_LEAST) return null;
  const field = (name: keyof typeof COLUMN) => fields[COLUMN[name]] ?? '';
  const orNull = (name: keyof typeof COLUMN) => (field(name) === '' ? null : field(name));
  return {
    atMs: readLogTime(field('time')),
    session: orNull('session') ?? field('pid'),
    line: /^\d+$/.test(field('line')) ? Number(field('line')) : null,
    ...{ user: orNull('user'), database: orNull('database'), application: orNull('application') },
    transaction: transactionOf(field('virtual'), field('transaction')),
    ...{ message: field('message'), detail: orNull('detail'), context: orNull('context') },
  };
}

function splitFields(text: string): readonly string[] {
  const fields: string[] = [];
  let at = 0;
  while (at <= text.length) {
    if (text[at] === '"') {
      let end = at + 1;
      for (;;) {
        end = text.indexOf('"', end);
        if (end === -1) return fields;
        if (text[end + 1] !== '"') break;
        end += 2;
      }
      fields.push(text.slice(at + 1, end).replaceAll('""', '"'));
      at = end + 2;
    } else {
      const end = text.indexOf(',', at);
      fields.push(text.slice(at, end === -1 ? text.length : end));
      at = end === -1 ? text.length + 1 : end + 1;
    }
  }
  return fields;
}
