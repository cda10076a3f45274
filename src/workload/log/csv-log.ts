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
/** Characters of a row that is open; a longer one has lost its quote. */
const LENGTH_MAX = 32_000_000;
/** How the row of a client's message begins: within a quoted field its quotes would be doubled. */
const BEGINNING = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d[^,"]*,"[^"]+","[^"]+",\d+,/;

/** Makes a reader of csvlog: quoted fields may run over lines. One that was cut off ends where the next row begins. */
export function csvLogReader(onUnreadable: OnUnreadable): RecordReader {
  let open: string[] = [];
  let [quotes, length] = [0, 0];
  let isLost = false;
  const take = (): string => {
    const text = open.join('\n');
    open = [];
    [quotes, length] = [0, 0];
    return text;
  };
  const flush = (): readonly LogRecord[] => {
    const text = take();
    if (text === '') return [];
    const record = readRow(text);
    if (record === null) onUnreadable(text);
    return record === null ? [] : [record];
  };
  return {
    line: (text) => {
      const isInside = isLost || quotes % 2 !== 0;
      if (isInside && BEGINNING.test(text)) {
        if (open.length > 0) onUnreadable(take());
        isLost = false;
      } else if (isLost) return [];
      open.push(text);
      quotes += countQuotes(text);
      length += text.length;
      if (quotes % 2 === 0) return flush();
      isLost = length > LENGTH_MAX;
      if (isLost) onUnreadable(take());
      return [];
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
