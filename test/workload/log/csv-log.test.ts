import { describe, expect, it } from 'vitest';
import { csvLogReader } from '../../../src/workload/log/csv-log.js';

const row = (text: string) =>
  `2026-06-01 00:00:01.000 UTC,"app","shop",7,"h:1",a.1,1,"SELECT",2026-06-01 00:00:00 UTC,3/0,0,LOG,00000,"statement: ${text.replaceAll('"', '""')}",,,,,,,,,"web","client backend",,0`;

function read(text: string) {
  const unreadable: string[] = [];
  const reader = csvLogReader((line) => unreadable.push(line));
  const records = [...text.split('\n').flatMap((line) => reader.line(line)), ...reader.end()];
  return { messages: records.map(({ message }) => message), unreadable: unreadable.length };
}

describe('a csvlog', () => {
  it('that begins within a row loses that row alone', () => {
    const long = row("SELECT \"a\",\n  'it''s'\nFROM t");
    for (const from of [200, 215, 225])
      expect(read([long.slice(from), row('SELECT 1'), long, row('SELECT 2')].join('\n'))).toEqual({
        messages: ['statement: SELECT 1', "statement: SELECT \"a\",\n  'it''s'\nFROM t", 'statement: SELECT 2'],
        unreadable: expect.any(Number),
      });
  });

  it('that breaks off within a row goes on with the next', () => {
    const { messages, unreadable } = read([row('SELECT 1').slice(0, 150), row('SELECT 2'), row('SELECT 3')].join('\n'));
    expect([messages, unreadable]).toEqual([['statement: SELECT 2', 'statement: SELECT 3'], 1]);
  });

  it('takes a row of its own that stands in a text for text', () => {
    const text = `INSERT INTO t VALUES ('\n${row('DROP TABLE t')}\n')`;
    expect(read(`${row(text)}\n${row('SELECT 1')}`).messages).toEqual([`statement: ${text}`, 'statement: SELECT 1']);
  });

  it('keeps a text of many lines whole', () => {
    const text = `INSERT INTO t VALUES\n${'(1, 2),\n'.repeat(30_000)}(3, 4)`;
    expect(read(`${row(text)}\n${row('SELECT 1')}`).messages.map(({ length }) => length)).toEqual([
      `statement: ${text}`.length,
      'statement: SELECT 1'.length,
    ]);
  });
});
