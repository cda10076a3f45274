import { describe, expect, it } from 'vitest';
import { armsOf } from '../../../src/advisors/index-selection/arms.js';
import { partialCandidates } from '../../../src/advisors/index-selection/partial-candidates.js';
import { distinct, statement } from './statements.js';

function partials(sql: string): readonly string[] {
  const scan = statement(sql).analysis.scans.find(({ table }) => table.name === 'commands');
  if (scan === undefined) throw new RangeError(`${sql} does not mention commands`);
  const found = armsOf(scan).flatMap((arm) =>
    partialCandidates(scan, arm, { columnsMax: 4, distinct, blocks: () => 100, widthBytes: () => 8 }),
  );
  const words = found.map(({ keys, predicate }) => {
    const list = keys.map(({ key, descending }) => `${key.sql}${descending ? ' desc' : ''}`);
    return `(${list.join(', ')}) where ${predicate}`;
  });
  return [...new Set(words)];
}

describe('partial candidates', () => {
  it('hold what else the statement asks for, under the state that it names', () => {
    const sql = "SELECT 1 FROM commands WHERE status = 'sent' AND agent_id = $1 AND sent_at < $2 ORDER BY created_at";
    expect(partials(sql)).toEqual([
      "(agent_id) where status = 'sent'",
      "(agent_id, sent_at) where status = 'sent'",
      "(agent_id, created_at) where status = 'sent'",
    ]);
  });

  it('hold nothing where nothing else is asked for', () => {
    expect(partials("SELECT 1 FROM commands WHERE status = 'sent'")).toEqual([]);
  });

  it('hold the column of which several values are left where nothing else is asked for', () => {
    expect(partials('SELECT 1 FROM commands WHERE sent_at IS NOT NULL')).toEqual([
      '(sent_at) where sent_at IS NOT NULL',
    ]);
    expect(partials("SELECT 1 FROM commands WHERE status <> 'done'")).toEqual(["(status) where status <> 'done'"]);
  });

  it('hold the groups', () => {
    expect(partials('SELECT agent_id, max(sent_at) FROM commands WHERE sent_at IS NOT NULL GROUP BY 1')).toEqual([
      '(agent_id) where sent_at IS NOT NULL',
    ]);
  });

  it('take all states but some as lasting, of a column of few values', () => {
    expect(partials("SELECT 1 FROM commands WHERE status NOT IN ('done', 'failed') AND agent_id = $1")).toEqual([
      "(agent_id) where status NOT IN ('done', 'failed')",
    ]);
    expect(partials('SELECT 1 FROM commands WHERE agent_id <> 17 AND status <> $1 ORDER BY created_at')).toEqual([]);
  });

  it('lead with the join key where there is one', () => {
    const sql = "SELECT 1 FROM agents a JOIN commands c ON c.agent_id = a.id WHERE c.status = 'sent'";
    expect(partials(sql)).toEqual(["(agent_id) where status = 'sent'"]);
  });

  it('are one for each arm of an OR', () => {
    const sql =
      "SELECT 1 FROM commands WHERE (status = 'pending' AND created_at < $1) OR (status = 'sent' AND sent_at < $2)";
    expect(partials(sql)).toEqual(["(created_at) where status = 'pending'", "(sent_at) where status = 'sent'"]);
  });

  it('take lists of states, IS NULL and IS NOT NULL as lasting', () => {
    expect(partials("SELECT 1 FROM commands WHERE status IN ('sent', 'pending') AND agent_id = $1")).toEqual([
      "(agent_id) where status IN ('sent', 'pending')",
    ]);
    expect(partials('SELECT 1 FROM commands WHERE sent_at IS NULL AND agent_id = $1')).toEqual([
      '(agent_id) where sent_at IS NULL',
    ]);
    expect(partials('SELECT 1 FROM commands WHERE sent_at IS NOT NULL ORDER BY sent_at DESC LIMIT 9')).toEqual([
      '(sent_at desc) where sent_at IS NOT NULL',
    ]);
  });

  it('take each lasting predicate alone and all of them together', () => {
    expect(partials("SELECT 1 FROM commands WHERE status = 'sent' AND kind = 'scan' AND agent_id = $1")).toEqual([
      "(agent_id, kind) where status = 'sent'",
      "(agent_id, status) where kind = 'scan'",
      "(agent_id) where (kind = 'scan') AND (status = 'sent')",
    ]);
  });

  it.each([
    ['a parameter', 'SELECT 1 FROM commands WHERE status = $1 AND agent_id = $2'],
    ['a literal range', "SELECT 1 FROM commands WHERE created_at < '2026-01-01' AND agent_id = $1"],
    ['a time that moves', "SELECT 1 FROM commands WHERE created_at < now() - interval '1 day' AND agent_id = $1"],
    ['one key of many', 'SELECT 1 FROM commands WHERE agent_id = 17 ORDER BY created_at'],
    ['a column of unknown values', "SELECT 1 FROM commands WHERE sent_at = '2026-01-01' AND agent_id = $1"],
  ])('never stand on %s', (_, sql) => {
    expect(partials(sql)).toEqual([]);
  });
});
