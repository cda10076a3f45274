import { describe, expect, it } from 'vitest';
import { mayUse } from '../../../src/advisors/index-selection/relevance.js';
import { spec, statement } from './statements.js';

const may = (sql: string, keys: readonly string[], predicate: string | null = null) =>
  mayUse(statement(sql), spec('commands', keys, predicate));

describe('an index may be of use to a statement', () => {
  it.each([
    ['a condition', 'SELECT * FROM commands WHERE kind = $1'],
    ['an arm of an OR', 'SELECT * FROM commands WHERE status = $1 OR kind = $2'],
    ['a join', 'SELECT commands.* FROM commands JOIN agents ON agents.name = commands.kind'],
    ['an order', 'SELECT * FROM commands ORDER BY kind'],
    ['a grouping', 'SELECT kind, max(sent_at) FROM commands GROUP BY kind'],
  ])('that names one of its keys in %s, be it the last', (_, sql) => {
    expect(may(sql, ['id', 'kind'])).toBe(true);
    expect(may(sql, ['id', 'created_at'])).toBe(false);
  });

  it('that names a column of its predicate', () => {
    expect(may("SELECT * FROM commands WHERE status = 'sent'", ['id'], "status = 'sent'")).toBe(true);
  });

  it('that reads nothing else of the table', () => {
    expect(may('SELECT id, kind FROM commands', ['kind', 'id'])).toBe(true);
    expect(may('SELECT id, kind, status FROM commands', ['kind', 'id'])).toBe(false);
  });

  it('but not to one on another table', () => {
    expect(may('SELECT * FROM agents WHERE id = $1', ['id'])).toBe(false);
  });
});
