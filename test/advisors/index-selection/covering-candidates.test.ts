import { describe, expect, it } from 'vitest';
import { coveringCandidates } from '../../../src/advisors/index-selection/covering-candidates.js';
import { distinct, statement } from './statements.js';

function covers(sql: string, widthBytes = 8): readonly string[] {
  const [scan] = statement(sql).analysis.scans;
  if (scan === undefined) return [];
  const found = coveringCandidates(scan, { columnsMax: 4, distinct, blocks: () => 100, widthBytes: () => widthBytes });
  return found.map(({ keys, include, predicate }) =>
    [
      `(${keys.map(({ sql: key }) => key).join(', ')})`,
      ...(include.length > 0 ? [`include ${include.join(', ')}`] : []),
      ...(predicate === null ? [] : [`where ${predicate}`]),
    ].join(' '),
  );
}

describe('covering candidates', () => {
  it('hold what else is read, as keys and as INCLUDE', () => {
    expect(covers('SELECT kind FROM commands WHERE agent_id = $1')).toEqual([
      '(agent_id) include kind',
      '(agent_id, kind)',
    ]);
  });

  it('have no more keys than are allowed', () => {
    const sql = 'SELECT kind, created_at, sent_at, id FROM commands WHERE agent_id = $1';
    expect(covers(sql)).toEqual(['(agent_id) include id, kind, created_at, sent_at']);
  });

  it('leave out what only their own predicate reads', () => {
    const sql = 'SELECT agent_id FROM commands WHERE sent_at > created_at AND kind = $1';
    expect(covers(sql)).toContain('(kind) include agent_id where created_at < sent_at');
    expect(covers(`${sql} AND sent_at < $2`)).toContain('(kind) include agent_id, sent_at where created_at < sent_at');
  });

  it('are none where they would be as wide as the table, nor on an expression', () => {
    expect(covers('SELECT kind FROM commands WHERE agent_id = $1', 100)).toEqual([]);
    expect(covers('SELECT agent_id FROM commands WHERE lower(kind) = $1')).toEqual([]);
  });

  it('are none where a value may be too long for an entry', () => {
    expect(covers('SELECT name FROM agents WHERE id = $1')).toEqual([]);
    expect(covers('SELECT status FROM agents WHERE id = $1')).not.toEqual([]);
    expect(covers('SELECT status FROM agents WHERE id = $1', 40)).toEqual([]);
  });

  it('are none where nothing else is read', () => {
    expect(covers('SELECT count(*) FROM commands WHERE agent_id = $1')).toEqual([]);
  });
});
