import { describe, expect, it } from 'vitest';
import { writeCostOf } from '../../../src/advisors/index-selection/write-cost.js';
import { catalogOf } from '../../catalog.js';
import { catalog, key, spec, statement, withIndexes } from './statements.js';

const onStatus = spec('commands', ['status', 'created_at']);

describe('what an index costs to write', () => {
  it('is one entry for each inserted row, as many as were measured', () => {
    const insert = 'INSERT INTO commands (id) SELECT id FROM agents';
    expect(writeCostOf(onStatus, [statement(insert, { calls: 10 })])).toBe(10);
    expect(writeCostOf(onStatus, [statement(insert, { calls: 10, rows: 5000 })])).toBe(5000);
  });

  it('is several entries for each row in GIN, and hardly any in BRIN', () => {
    const insert = [statement('INSERT INTO commands (id) VALUES (1)', { calls: 100 })];
    const keys = (opclass: string | null) => onStatus.keys.slice(0, 1).map((only) => ({ ...only, opclass }));
    expect(writeCostOf({ ...onStatus, method: 'gin', keys: keys(null) }, insert)).toBe(600);
    expect(writeCostOf({ ...onStatus, method: 'gin', keys: keys('public.gin_trgm_ops') }, insert)).toBe(1500);
    expect(writeCostOf({ ...onStatus, method: 'brin' }, insert)).toBe(2);
  });

  it('is an entry for each update of one of its keys, of its predicate or of an included column', () => {
    const update = [statement("UPDATE commands SET status = 'x' WHERE id = $1", { calls: 7 })];
    expect(writeCostOf(onStatus, update)).toBe(7);
    expect(writeCostOf(spec('commands', ['created_at'], "status = 'x'"), update)).toBe(7);
    expect(writeCostOf({ ...spec('commands', ['created_at']), include: ['status'] }, update)).toBe(7);
    expect(writeCostOf(spec('commands', ['(upper(status))']), update)).toBe(7);
  });

  it('is nothing for updates of other columns where rows are updated in place', () => {
    const sql = 'UPDATE commands SET kind = $1 WHERE id = $2';
    expect(
      writeCostOf(onStatus, [statement(sql, { calls: 100, catalog: withUpdates({ all: 1000, hot: 1000 }) })]),
    ).toBe(0);
  });

  it('is an entry for the share of other updates that move the row', () => {
    const sql = 'UPDATE commands SET kind = $1 WHERE id = $2';
    expect(writeCostOf(onStatus, [statement(sql, { calls: 100, catalog: withUpdates({ all: 1000, hot: 750 }) })])).toBe(
      25,
    );
  });

  it('is an entry in each index of the table besides, for updates in place that it puts an end to', () => {
    const indexes = withIndexes({ commands: [{ keys: [key('id')] }, { keys: [key('agent_id')] }] });
    const indexed = withUpdates({ all: 1000, hot: 750 }, indexes);
    const sql = 'UPDATE commands SET status = $1 WHERE id = $2';
    expect(writeCostOf(onStatus, [statement(sql, { calls: 100, catalog: indexed })])).toBe(100 + 100 * 0.75 * 2);
    const never = 'UPDATE commands SET status = $1, agent_id = $2 WHERE id = $3';
    expect(writeCostOf(onStatus, [statement(never, { calls: 100, catalog: indexed })])).toBe(100);
  });

  describe('where it is partial', () => {
    const pending = spec('commands', ['created_at'], "status = 'pending'");
    const cost = (sql: string, of = catalog) =>
      writeCostOf(pending, [statement(sql, { calls: 100, catalog: of })], 0.02);

    it('is an entry for each row that the predicate lets in, and nothing for the others', () => {
      expect(cost("INSERT INTO commands (id, status) VALUES (1, 'pending')")).toBe(100);
      expect(cost("INSERT INTO commands (id, status) VALUES (1, 'sent'), (2, 'sent')")).toBe(0);
      expect(cost("UPDATE commands SET status = 'pending' WHERE id = $1")).toBe(100);
      expect(cost("UPDATE commands SET status = 'sent' WHERE id = $1")).toBe(0);
    });

    it('is for rows of which nothing is told what the index holds of all rows', () => {
      expect(cost('INSERT INTO commands (id, status) VALUES (1, $1)')).toBe(2);
      expect(cost('UPDATE commands SET created_at = now() WHERE id = $1')).toBe(2);
      expect(cost("UPDATE commands SET created_at = now() WHERE status = 'pending'")).toBe(100);
      expect(cost('UPDATE commands SET kind = $1 WHERE id = $2', withUpdates({ all: 1000, hot: 500 }))).toBe(1);
    });

    it('is for each of them where updates move rows in or out', () => {
      const insert = statement('INSERT INTO commands (id, status) VALUES (1, $1)', { calls: 100 });
      const move = statement("UPDATE commands SET status = 'sent' WHERE id = $1", { calls: 100 });
      expect(writeCostOf(pending, [insert, move], 0.02)).toBe(100);
      expect(cost('UPDATE commands SET status = $1 WHERE id = $2')).toBe(100);
    });

    it('goes by the default of a column that an insert leaves out', () => {
      const waiting = spec('commands', ['created_at'], 'sent_at IS NULL');
      const insert = statement('INSERT INTO commands (id) VALUES (1)', { calls: 100 });
      expect(writeCostOf(waiting, [insert], 0.02)).toBe(100);
      expect(writeCostOf(pending, [insert], 0.02)).toBe(0);
    });
  });

  it('takes a column for no other whose name holds its own', () => {
    const table = catalogOf({ commands: ['status text', 'status_code text'] });
    const update = statement('UPDATE commands SET status = $1', { catalog: table });
    expect(writeCostOf(spec('commands', ['status_code']), [update])).toBe(0);
    expect(writeCostOf(spec('commands', ['"status"']), [update])).toBe(1);
  });

  it('is nothing for deletes, for reads and for writes to other tables', () => {
    const statements = ['DELETE FROM commands', 'SELECT * FROM commands', 'INSERT INTO agents (id) VALUES (1)'];
    expect(
      writeCostOf(
        onStatus,
        statements.map((sql) => statement(sql)),
      ),
    ).toBe(0);
  });

  it('counts an upsert as an insert and an update', () => {
    const sql = 'INSERT INTO commands (id) VALUES ($1) ON CONFLICT (id) DO UPDATE SET status = $2';
    expect(writeCostOf(onStatus, [statement(sql)])).toBe(2);
  });
});

function withUpdates({ all, hot }: { readonly all: number; readonly hot: number }, of = catalog) {
  const tables = of.tables.map((table) => ({
    ...table,
    counters: { ...table.counters, rowsUpdated: all, rowsHotUpdated: hot },
  }));
  return { ...of, tables };
}
