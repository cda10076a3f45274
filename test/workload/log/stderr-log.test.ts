import { describe, expect, it } from 'vitest';
import { stderrLogReader } from '../../../src/workload/log/stderr-log.js';

describe('a plain log', () => {
  it.each([
    ['2026-11-21 06:30:35.123 UTC [4711] LOG:  ', { session: '4711', atMs: Date.parse('2026-11-21T06:30:35.123Z') }],
    [
      '2026-11-21 07:30:35.123 CET [4711-12] app@shop LOG:  ',
      { session: '4711', line: 12, user: 'app', database: 'shop' },
    ],
    ['[4711]: [12-1] user=app,db=shop,app=web,client=::1 LOG:  ', { session: '4711', user: 'app', application: 'web' }],
    ['1795242635.123 6920abcd.1267 LOG:  ', { session: '6920abcd.1267', atMs: 1_795_242_635_123 }],
    ['Nov 21 06:30:35 host postgres[4711]: [3-1] LOG:  ', { session: '4711', atMs: null }],
    ['LOG:  ', { session: '', atMs: null }],
    [
      '2026-11-21 06:30:35 UTC:10.0.0.5(43210):app@shop:[4711]:LOG:  ',
      { session: '4711', user: 'app', database: 'shop', atMs: Date.parse('2026-11-21T06:30:35Z') },
    ],
    ['2026-11-21 06:30:35.123 NZDT [4711] LOG:  00000: ', { atMs: Date.parse('2026-11-20T17:30:35.123Z') }],
  ])('tells who and when by the prefix %j', (prefix, known) => {
    const reader = stderrLogReader(() => undefined);
    const records = [...reader.line(`${prefix}statement: SELECT 1`), ...reader.end()];
    expect(records).toMatchObject([{ ...known, message: 'statement: SELECT 1' }]);
  });

  it('gives each session its own detail and its own continued lines', () => {
    const unreadable: string[] = [];
    const reader = stderrLogReader((line) => unreadable.push(line));
    const lines = [
      '[1] LOG:  execute a: SELECT',
      '\t$1',
      '[2] LOG:  execute b: SELECT $1',
      "[1] DETAIL:  parameters: $1 = 'one",
      "\tline'",
      "[2] DETAIL:  parameters: $1 = 'two'",
      'rotated by somebody',
      '[1] STATEMENT:  SELECT',
      '\tnot of the detail',
    ];
    const records = [...lines.flatMap((line) => reader.line(line)), ...reader.end()];
    expect(records.map(({ message, detail }) => [message, detail])).toEqual([
      ['execute a: SELECT\n$1', "parameters: $1 = 'one\nline'"],
      ['execute b: SELECT $1', "parameters: $1 = 'two'"],
    ]);
    expect(unreadable).toEqual(['rotated by somebody']);
  });
});
