import { describe, expect, it } from 'vitest';
import type { TapExecution } from '../../../src/model/tap-record.js';
import type { StatementEvent } from '../../../src/model/trace.js';
import { SkipTally } from '../../../src/workload/skip-tally.js';
import { TapEvents } from '../../../src/workload/trace/tap-events.js';
import { executionOf, recordingLine } from './recordings.js';

function read(records: readonly object[], values: 'hashed' | 'plain' = 'plain') {
  const events: StatementEvent[] = [];
  const skipped = new SkipTally();
  const tap = new TapEvents((event) => events.push(event), skipped);
  for (const record of [JSON.parse(recordingLine(values)), ...records]) tap.add(record);
  return { events, skipped: skipped.list().map(({ reason, count }) => `${count} × ${reason}`) };
}

describe('a recorded execution', () => {
  it('tells the statement, its values, its time and the key columns of its rows', () => {
    const columns = ['id', 'title', 'author_id'].map((name, at) => ({ name, table: 9, attribute: at + 1, type: 23 }));
    const text = 'SELECT id, title, author_id FROM posts WHERE id > $1';
    const rest = {
      columns,
      keyColumns: [0, 2],
      keys: [
        ['1', '7'],
        ['2', null],
      ],
      rows: 2,
      transaction: 't1',
    };
    const { events } = read([executionOf({ text, parameters: ['0'], sequence: 3, atMs: 5, ...rest })]);
    expect(events).toEqual([
      {
        ...{ atMs: Date.UTC(2026, 5, 1) + 5.25, durationMs: 0.25, session: 's1', sequence: 3, text, parameters: ['0'] },
        ...{ user: 'app', database: 'shop', application: 'web', transaction: 't1', isFetch: false, rowCount: 2 },
        rows: {
          columns: [
            { name: 'id', tableOid: 9, position: 1 },
            { name: 'author_id', tableOid: 9, position: 3 },
          ],
          rows: [
            ['1', '7'],
            ['2', null],
          ],
        },
      },
    ]);
  });

  it.each<[string, Partial<TapExecution>, 'hashed' | 'plain', string | undefined]>([
    ['the application’s own', { parameters: ['1'] }, 'plain', undefined],
    ['stand-ins', { parameters: ['0011223344556677'] }, 'hashed', 'stand-in'],
    ['none', { text: 'SELECT 1', parameters: [] }, 'hashed', undefined],
    ['absent', { text: 'SELECT $1', parameters: null }, 'plain', 'absent'],
  ])('says that its values are %s', (_, parts, values, valueForm) => {
    expect(read([executionOf(parts)], values).events[0]?.valueForm).toBe(valueForm);
  });

  it('is left out, and counted, where it failed, was cut off or is none', () => {
    const broken = [{ keys: 5 }, { text: null }, { columns: [{}] }, { startedAtMs: '7' }, { keys: [[{}]] }];
    const { events, skipped } = read([
      executionOf({ error: '23505' }),
      executionOf({ textComplete: false }),
      { kind: 'execution' },
      ...broken.map((parts) => ({ ...executionOf({}), ...parts })),
      { kind: 'session', session: 's1', executions: 2, end: 'closed' },
      { kind: 'of-later' },
      { kind: 'end', endedAt: '', encrypted: 2, unreadable: 1, dropped: 0 },
    ]);
    expect(events).toEqual([]);
    expect(skipped).toEqual([
      '1 × a statement that failed',
      '1 × a statement that was too long to be recorded whole',
      '6 × a record of a tap that lacks what it should hold',
      '2 × an encrypted connection, of which the tap sees nothing',
      '1 × a connection that the tap could not follow',
    ]);
  });

  it('is passed by in a recording of a later version', () => {
    const later = JSON.parse(recordingLine().replace('"version":1,"rec', '"version":2,"rec'));
    const { events, skipped } = read([later, executionOf({})]);
    expect([events, skipped]).toEqual([[], ['1 × a recording of a later version of pgsteward']]);
  });
});
