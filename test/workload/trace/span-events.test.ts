import { describe, expect, it } from 'vitest';
import type { StatementEvent } from '../../../src/model/trace.js';
import { SkipTally } from '../../../src/workload/skip-tally.js';
import { TraceReader } from '../../../src/workload/trace/trace-reader.js';
import { type MadeSpan, requestOf, statementSpan, TRACE } from './traces.js';

function read(spans: readonly MadeSpan[]) {
  const events: StatementEvent[] = [];
  const skipped = new SkipTally();
  const reader = new TraceReader((event) => events.push(event), skipped);
  reader.line(JSON.stringify(requestOf(spans)));
  reader.end();
  return { events, skipped: skipped.list().map(({ reason }) => reason) };
}

describe('a span of a statement', () => {
  it('tells the statement, its time and who ran it', () => {
    const attributes = { 'db.name': 'shop', 'db.user': 'app' };
    const { events } = read([statementSpan('SELECT a FROM t', { atMs: 7, attributes })]);
    expect(events).toEqual([
      {
        ...{ atMs: Date.UTC(2026, 5, 1) + 7.5, session: TRACE, sequence: 1, text: 'SELECT a FROM t', parameters: null },
        ...{ user: 'app', database: 'shop', application: 'shop', transaction: null, isFetch: false },
        durationMs: expect.closeTo(0.5, 3),
        origin: { trace: TRACE, route: null, location: null },
      },
    ]);
  });

  it('takes its route and its line from the spans above it, which end later', () => {
    const { events } = read([
      statementSpan('SELECT 1', { id: 'c', parent: 'b' }),
      { id: 'b', parent: 'a', attributes: { 'code.filepath': 'src/orders.ts', 'code.lineno': 42 } },
      { id: 'a', kind: 2, attributes: { 'http.route': '/orders/:id', 'http.request.method': 'GET' } },
    ]);
    const location = { file: 'src/orders.ts', line: 42, column: 1 };
    expect(events[0]?.origin).toEqual({ trace: TRACE, route: 'GET /orders/:id', location });
  });

  it('is read under the names of the newer conventions too', () => {
    const attributes = {
      ...{
        'db.system.name': 'postgresql',
        'db.query.text': 'SELECT a FROM t WHERE b = $1',
        'db.namespace': 'shop|public',
      },
      ...{ 'db.query.parameter.0': '7', 'code.file.path': 'a.ts', 'code.line.number': 3 },
    };
    const { events } = read([{ id: 'a', attributes }]);
    expect(events[0]).toMatchObject({ parameters: ['7'], database: 'shop', origin: { location: { line: 3 } } });
  });

  it.each([
    ['SELECT a FROM t WHERE b = $1', {}, { parameters: null, valueForm: 'absent' }],
    ['SELECT a FROM t WHERE b = ?', {}, { text: 'SELECT a FROM t WHERE b = $1', valueForm: 'absent' }],
    ['SELECT a FROM t WHERE b = $1', { 'db.postgresql.values': ['7'] }, { parameters: ['7'] }],
    ['SELECT a FROM t WHERE b = :key', { 'db.query.parameter.key': '7' }, { parameters: ['7'] }],
    ['SELECT a FROM t WHERE b = $1 AND c = $2', { 'db.query.parameter.0': '7' }, { valueForm: 'absent' }],
    ['SELECT a FROM t WHERE b = 7', {}, { parameters: null }],
  ])('%s with %j has the values that were written down', (text, attributes, expected) => {
    const { events } = read([statementSpan(text, { attributes })]);
    expect(events[0]).toMatchObject(expected);
    expect(events[0]?.valueForm).toBe('valueForm' in expected ? expected.valueForm : undefined);
  });

  it('comes in the order of the ends, whatever the order of the lines', () => {
    const { events } = read([3, 1, 2].map((atMs) => statementSpan(`SELECT ${atMs}`, { id: `s${atMs}`, atMs })));
    expect(events.map(({ text }) => text)).toEqual(['SELECT 1', 'SELECT 2', 'SELECT 3']);
  });

  it('is left out, and counted, where it is no use', () => {
    const { events, skipped } = read([
      statementSpan('GET a', { attributes: { 'db.system': 'redis' } }),
      statementSpan('SELECT 1', { failed: true }),
      { id: 'b', attributes: { 'db.system': 'postgresql' } },
      { ...statementSpan('SELECT 2'), id: '' },
    ]);
    expect(events).toEqual([]);
    expect(skipped).toEqual([
      'a span of another database system',
      'a statement that failed',
      'a span of PostgreSQL without its statement',
      'a span without its ids or its times',
    ]);
  });
});
