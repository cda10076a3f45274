import { expect, it } from 'vitest';
import { laidOutIndex, laidOutPartialIndex } from '../../../src/advisors/index-selection/laid-out.js';
import { distinct, inWords, key, statement, withIndexes } from './statements.js';

const OPTIONS = { columnsMax: 4, distinct, blocks: () => 100, widthBytes: () => 8 };

function laidOut(sql: string, catalog?: Parameters<typeof statement>[1]): string | null {
  const scan = statement(sql, catalog).analysis.scans.find(({ table }) => table.name === 'commands');
  const spec = scan === undefined ? null : laidOutIndex(scan, OPTIONS);
  return spec === null ? null : inWords(spec);
}

it('puts what is compared by equality before the order of the first rows', () => {
  expect(laidOut('SELECT 1 FROM commands WHERE status = $1 AND agent_id = $2 ORDER BY id DESC LIMIT 1')).toBe(
    'commands (agent_id, status, id DESC)',
  );
  const first = '(SELECT c.status FROM commands c WHERE c.agent_id = a.id ORDER BY c.id LIMIT 1)';
  expect(laidOut(`SELECT a.name, ${first} FROM agents a`)).toBe('commands (agent_id, id)');
});

it('is none where all rows are wanted, in no order, of the whole table, or where the index is there', () => {
  expect(laidOut('SELECT 1 FROM commands WHERE agent_id = $1 ORDER BY id')).toBeNull();
  expect(laidOut('SELECT 1 FROM commands WHERE agent_id = $1 LIMIT 1')).toBeNull();
  expect(laidOut('SELECT 1 FROM commands ORDER BY id LIMIT 1')).toBeNull();
  const catalog = withIndexes({ commands: [{ keys: [key('agent_id'), key('id')] }] });
  expect(laidOut('SELECT 1 FROM commands WHERE agent_id = $1 ORDER BY id LIMIT 1', { catalog })).toBeNull();
});

it('holds the rows of a state alone in the order in which they are taken', () => {
  const partial = (sql: string) => {
    const scan = statement(sql).analysis.scans.find(({ table }) => table.name === 'commands');
    const spec = scan === undefined ? null : laidOutPartialIndex(scan, OPTIONS);
    return spec === null ? null : inWords(spec);
  };
  const PENDING = "SELECT 1 FROM commands WHERE status = 'pending'";
  expect(partial(`${PENDING} ORDER BY id LIMIT 1`)).toBe("commands (id) WHERE status = 'pending'");
  expect(partial(`${PENDING} AND agent_id = $1 ORDER BY id LIMIT 1`)).toBe(
    "commands (agent_id, id) WHERE status = 'pending'",
  );
  expect(partial(`${PENDING} ORDER BY id`)).toBeNull();
  expect(partial('SELECT 1 FROM commands WHERE status = $1 ORDER BY id LIMIT 1')).toBeNull();
});
