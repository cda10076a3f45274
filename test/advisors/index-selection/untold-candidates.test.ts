import { expect, it } from 'vitest';
import { untoldCandidates } from '../../../src/advisors/index-selection/untold-candidates.js';
import type { Statistics } from '../../../src/model/statistics.js';
import { distinct, inWords, statement, withIndexes } from './statements.js';

const NO_STATISTICS: Statistics = { columns: [], extended: [], typeNames: [], unreadable: [] };

function untold(where: string, { blocks = 100, catalog = withIndexes({}) } = {}): readonly string[] {
  const [scan] = statement(`SELECT 1 FROM commands WHERE ${where}`, { catalog }).analysis.scans;
  const options = {
    columnsMax: 4,
    distinct,
    blocks: () => blocks,
    widthBytes: () => 8,
    catalog,
    statistics: NO_STATISTICS,
  };
  return scan === undefined ? [] : untoldCandidates(scan, options).map(({ spec }) => inWords(spec));
}

it('are on expressions, alone and behind what is compared by equality', () => {
  expect(untold("sent_at - created_at > interval '1 hour'")).toEqual(['commands ((sent_at - created_at))']);
  expect(untold('COALESCE(sent_at, created_at) >= $1 AND status = $2')).toEqual([
    'commands ((COALESCE(sent_at, created_at)))',
    'commands (status, (COALESCE(sent_at, created_at)))',
  ]);
});

it('hold the rows alone whose columns compare so', () => {
  expect(untold('sent_at > created_at')).toEqual(['commands (id) WHERE created_at < sent_at']);
  expect(untold('sent_at > created_at AND agent_id = $1')).toEqual(['commands (agent_id) WHERE created_at < sent_at']);
});

const LATE = 'sent_at < created_at OR sent_at IS DISTINCT FROM created_at';

it('hold the rows alone that meet the whole of what no key is seen in', () => {
  expect(untold(LATE)).toEqual([`commands (id) WHERE ${LATE}`]);
  expect(untold(`(${LATE}) AND agent_id = 5 ORDER BY created_at DESC, id LIMIT 5`)).toEqual([
    `commands (agent_id, created_at DESC, id) WHERE ${LATE}`,
  ]);
  expect(untold('agent_id & 8 <> 0 AND sent_at > created_at')).toEqual([
    'commands (id) WHERE ((agent_id & 8) <> 0) AND (created_at < sent_at)',
    'commands (id) WHERE created_at < sent_at',
  ]);
});

it('are none where an index of these rows is there', () => {
  const catalog = withIndexes({ commands: [{ keys: [], predicate: '((agent_id & 8) <> 0)' }] });
  expect(untold('agent_id & 8 <> 0', { catalog })).toEqual([]);
  expect(untold('agent_id & 4 <> 0', { catalog })).toHaveLength(1);
});

it('are none of columns, of sides of OR, and of a small table', () => {
  expect(untold('created_at > $1 AND status = $2')).toEqual([]);
  expect(untold("sent_at - created_at > interval '1 hour' OR agent_id = 5")).toEqual([]);
  expect(untold("sent_at - created_at > interval '1 hour'", { blocks: 5 })).toEqual([]);
});

it('are of patterns of expressions on a page alone', () => {
  const page = 'ORDER BY id LIMIT 9';
  const prefix = "lower(kind) LIKE 'a' || $1";
  expect(untold(`${prefix} ${page}`)).toEqual(['commands ((lower(kind)) text_pattern_ops)']);
  expect(untold(`${prefix} AND sent_at IS NULL ${page}`)).toContain('commands ((lower(kind)) text_pattern_ops)');
  expect(untold(prefix)).toEqual([]);
  expect(untold(`kind LIKE 'abc%' ${page}`)).toEqual([]);
  expect(untold(`${prefix} OR agent_id = 5 ${page}`)).toEqual([]);
});
