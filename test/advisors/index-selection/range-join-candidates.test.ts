import { expect, it } from 'vitest';
import { rangeJoinCandidates } from '../../../src/advisors/index-selection/range-join-candidates.js';
import { distinct, inWords, key, statement, withIndexes } from './statements.js';

function candidates(sql: string, { blocks = 100, catalog = withIndexes({}) } = {}): readonly (readonly string[])[] {
  const options = { columnsMax: 4, distinct, blocks: () => blocks, widthBytes: () => 8 };
  return statement(sql, { catalog }).analysis.scans.map((scan) => rangeJoinCandidates(scan, options).map(inWords));
}

const WITHIN = 'SELECT 1 FROM commands a JOIN commands b ON b.agent_id = a.agent_id AND';

it('hold the key and the column that is bounded by other rows, on either side', () => {
  const both = ['commands (agent_id, created_at)', 'commands (agent_id, sent_at)'];
  expect(candidates(`${WITHIN} b.created_at >= a.created_at AND b.created_at < a.sent_at`)).toEqual([
    both,
    ['commands (agent_id, created_at)'],
  ]);
});

it('hold what is compared by equality between the two or not at all', () => {
  const last = `SELECT (SELECT max(p.sent_at) FROM commands p
    WHERE p.agent_id = f.agent_id AND p.created_at < f.created_at AND p.status = 'sent') FROM commands f`;
  expect(candidates(last)).toContainEqual([
    'commands (agent_id, created_at)',
    'commands (agent_id, status, created_at)',
  ]);
});

it('are none without a key, without bounds from rows, and of a small table', () => {
  expect(candidates('SELECT 1 FROM commands a JOIN commands b ON b.created_at > a.created_at').flat()).toEqual([]);
  expect(candidates(`${WITHIN} b.created_at > $1`).flat()).toEqual([]);
  expect(candidates(`${WITHIN} b.created_at > a.sent_at`, { blocks: 5 }).flat()).toEqual([]);
});

it('are none that are there', () => {
  const catalog = withIndexes({ commands: [{ keys: [key('agent_id'), key('created_at'), key('id')] }] });
  expect(candidates(`${WITHIN} b.created_at > a.created_at`, { catalog }).flat()).toEqual([]);
});

it('are none where the key joins another table than the one that bounds', () => {
  const sql = `SELECT 1 FROM commands a JOIN agents g ON g.id = a.agent_id
    JOIN commands b ON b.agent_id = g.id AND b.created_at > a.created_at`;
  expect(candidates(sql).flat()).toEqual([]);
});
