import { describe, expect, it } from 'vitest';
import { armsOf, bySelectivity, type ScanArm } from '../../../src/advisors/index-selection/arms.js';
import { catalog, distinct, key, statement } from './statements.js';

function arms(sql: string): readonly ScanArm[] {
  const [scan] = statement(sql).analysis.scans;
  return scan === undefined ? [] : armsOf(scan);
}

const columnsOf = ({ equalities, sets, ranges }: ScanArm) =>
  [equalities, sets, ranges].map((keys) => keys.map(({ sql }) => sql));

describe('arms of a condition', () => {
  it('are one without OR, its conjuncts sorted by what a btree can do with them', () => {
    const sql =
      'SELECT 1 FROM commands WHERE agent_id = $1 AND kind IN ($2, $3) AND created_at > $4 AND sent_at IS NULL';
    expect(arms(sql).map(columnsOf)).toEqual([[['agent_id', 'sent_at'], ['kind'], ['created_at']]]);
  });

  it('are one more for each side of an OR, with the conjuncts around it in each', () => {
    const sql = 'SELECT 1 FROM commands WHERE agent_id = $1 AND (status = $2 OR (kind = $3 AND sent_at < $4))';
    expect(arms(sql).map(columnsOf)).toEqual([
      [['agent_id'], [], []],
      [['agent_id', 'status'], [], []],
      [['agent_id', 'kind'], [], ['sent_at']],
    ]);
  });

  it('name a key once, however often it is compared', () => {
    const [arm] = arms('SELECT 1 FROM commands WHERE created_at > $1 AND created_at < $2');
    expect(arm?.ranges.map(({ sql }) => sql)).toEqual(['created_at']);
  });

  it('pass by IS NULL of what the table never holds: that is a join which found nothing', () => {
    const tables = catalog.tables.map((table) => ({
      ...table,
      columns: table.columns.map((column) => ({ ...column, notNull: column.name === 'id' })),
    }));
    const sql = 'SELECT 1 FROM commands LEFT JOIN agents ON agents.id = agent_id WHERE agents.id IS NULL AND name = $1';
    const scan = statement(sql, { catalog: { ...catalog, tables } }).analysis.scans[1];
    expect(scan === undefined ? [] : armsOf(scan).map(columnsOf)).toEqual([[['name'], [], []]]);
  });

  it('take IS NOT NULL for no range: it keeps nearly everything', () => {
    const [arm] = arms('SELECT 1 FROM commands WHERE sent_at IS NOT NULL');
    expect(arm?.ranges).toEqual([]);
    expect(arm?.predicates.map(({ operator }) => operator)).toEqual(['IS NOT NULL']);
  });
});

describe('equality columns', () => {
  const [table] = statement('SELECT 1 FROM commands WHERE id = 1').analysis.scans.map((scan) => scan.table);

  it('stand in the order of their distinct values, equal ones by name', () => {
    if (table === undefined) throw new RangeError('no table');
    const keys = ['status', 'sent_at', 'agent_id', 'created_at'].map(key);
    const sorted = bySelectivity(table, keys, { columnsMax: 4, distinct, blocks: () => 100, widthBytes: () => 8 });
    expect(sorted.map(({ sql }) => sql)).toEqual(['agent_id', 'status', 'created_at', 'sent_at']);
  });
});
