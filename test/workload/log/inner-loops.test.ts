import { expect, it } from 'vitest';
import { InnerLoops } from '../../../src/workload/log/inner-loops.js';

const RECORD = {
  ...{ atMs: 1, line: null, user: null, database: 'shop', application: null, transaction: null },
  ...{ message: '', detail: null },
};
const plan = (text: string, rows: number) => ({ text, rows, parameters: null, durationMs: 0.5 });
const at = (where: string) => `SQL statement "SELECT"\nPL/pgSQL function reprice(integer) line ${where}`;

function loops(times: number) {
  const inner = new InnerLoops();
  for (const session of ['a', 'b']) {
    for (let call = 0; call < times; call++)
      inner.add({ ...RECORD, session, context: at('6 at SQL statement') }, plan(`SELECT ${call} FROM prices`, 1));
    inner.add({ ...RECORD, session, context: at('4 at FOR over SELECT rows') }, plan('SELECT id FROM items', times));
    inner.add({ ...RECORD, session, context: 'SQL statement "SELECT 1 FROM ONLY x"' }, plan('SELECT 1', 1));
    inner.close(session);
  }
  return inner.end();
}

it('statements that a function runs for each row are counted by call of the client', () => {
  expect(loops(12)).toEqual([
    {
      ...{ routine: 'reprice(integer)', line: 6, text: 'SELECT 0 FROM prices' },
      source: { text: 'SELECT id FROM items', rows: 12 },
      ...{ occurrences: 2, calls: 24, callsMost: 12, totalTimeMs: 12 },
    },
  ]);
});

it('a few statements of a function are no loop', () => {
  expect(loops(5)).toEqual([]);
});
