import { describe, expect, it } from 'vitest';
import type { StatementEvent } from '../../../src/model/trace.js';
import type { LogRecord } from '../../../src/workload/log/log-record.js';
import { StatementEvents } from '../../../src/workload/log/statement-events.js';

const record = (message: string, more: Partial<LogRecord> = {}): LogRecord => ({
  ...{ atMs: 1, session: 's', line: null, user: null, database: null, application: null, transaction: null },
  ...{ message, detail: null, context: null, ...more },
});
const plan = (text: string, ms: number) =>
  `duration: ${ms} ms  plan:\nQuery Text: ${text}\nResult  (cost=0.00..0.01 rows=1 width=4)`;

function told(...records: readonly LogRecord[]) {
  const statements: StatementEvent[] = [];
  const inner: string[] = [];
  const events = new StatementEvents({
    statement: (event) => statements.push(event),
    inner: (_, { text }) => inner.push(text),
  });
  for (const each of records) events.add(each);
  events.end();
  return { statements: statements.map(({ text, durationMs }) => [text, durationMs]), inner };
}

describe('the messages of a log', () => {
  it.each<[string, readonly LogRecord[], readonly (readonly [string, number | null])[]]>([
    ['text and time in one', [record('duration: 2 ms  statement: SELECT 1')], [['SELECT 1', 2]]],
    ['text and time apart', [record('statement: SELECT 1'), record('duration: 2 ms')], [['SELECT 1', 2]]],
    [
      'no time',
      [record('statement: SELECT 1'), record('statement: SELECT 2')],
      [
        ['SELECT 1', null],
        ['SELECT 2', null],
      ],
    ],
    [
      'steps',
      [
        record('duration: 1 ms  parse a: SELECT 1'),
        record('duration: 1 ms  bind a: SELECT 1'),
        record('duration: 2 ms  execute a: SELECT 1'),
      ],
      [['SELECT 1', 2]],
    ],
    ['a plan alone', [record(plan('SELECT 1', 3))], [['SELECT 1', 3]]],
    [
      'a plan before its statement',
      [record(plan('SELECT 1', 3)), record('duration: 4 ms  statement: SELECT 1')],
      [['SELECT 1', 4]],
    ],
    [
      'a plan between text and time',
      [record('statement: SELECT 1'), record(plan('SELECT 1', 3)), record('duration: 4 ms')],
      [['SELECT 1', 4]],
    ],
    ['a plan in place of the time', [record('statement: SELECT 1'), record(plan('SELECT 1', 3))], [['SELECT 1', 3]]],
    [
      'plans after their statements, of which the first alone could not be known',
      [
        record('duration: 4 ms  execute a: SELECT 1'),
        record(plan('SELECT 1', 3)),
        record('duration: 4 ms  execute a: SELECT 1'),
        record(plan('SELECT 1', 3)),
        record('duration: 5 ms  execute b: SELECT 2'),
        record(plan('SELECT 2', 4)),
      ],
      [
        ['SELECT 1', 4],
        ['SELECT 1', 4],
        ['SELECT 2', 5],
      ],
    ],
  ])('are told as statements: %s', (_, records, statements) => {
    expect(told(...records)).toEqual({ statements, inner: [] });
  });

  it('are not told as the client’s where a function said them', () => {
    const context = 'PL/pgSQL function f() line 3 at SQL statement';
    expect(told(record(plan('SELECT x', 1), { context }))).toEqual({ statements: [], inner: ['SELECT x'] });
  });
});
