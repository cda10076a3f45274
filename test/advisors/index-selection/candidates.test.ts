import { describe, expect, it } from 'vitest';
import { candidatesOf } from '../../../src/advisors/index-selection/candidates.js';
import type { Catalog } from '../../../src/model/catalog.js';
import { distinct, inWords, key, statement, withIndexes } from './statements.js';

/** The candidates for the first mention of `commands`. */
function candidates(sql: string, options: { catalog?: Catalog; columnsMax?: number } = {}): readonly string[] {
  const { scans } = statement(sql, options).analysis;
  const scan = scans.find(({ table }) => table.name === 'commands');
  if (scan === undefined) throw new RangeError(`${sql} does not mention commands`);
  return candidatesOf(scan, {
    columnsMax: options.columnsMax ?? 4,
    distinct,
    blocks: () => 100,
    widthBytes: () => 8,
  }).map(inWords);
}

const ofKeys = (text: readonly string[]) => text.map((each) => each.replace(/^commands /, ''));

describe('whole candidates', () => {
  it('put equality columns before a range', () => {
    expect(ofKeys(candidates('SELECT 1 FROM commands WHERE created_at < $1 AND status = $2'))).toEqual([
      '(status)',
      '(created_at)',
      '(status, created_at)',
    ]);
  });

  it('try equality columns with the most values first, and in the reverse', () => {
    expect(ofKeys(candidates('SELECT 1 FROM commands WHERE status = $1 AND agent_id = $2'))).toEqual([
      '(agent_id)',
      '(status)',
      '(agent_id, status)',
      '(status, agent_id)',
    ]);
  });

  it('put a list of values behind and before the equalities', () => {
    const found = ofKeys(candidates('SELECT 1 FROM commands WHERE agent_id = $1 AND kind IN ($2, $3)'));
    expect(found).toEqual(expect.arrayContaining(['(agent_id, kind)', '(kind, agent_id)']));
  });

  it('follow equalities with the order that is asked for, with its directions and its nulls', () => {
    const found = ofKeys(
      candidates(
        'SELECT 1 FROM commands WHERE agent_id = $1 ORDER BY created_at DESC NULLS LAST, id NULLS FIRST LIMIT 5',
      ),
    );
    expect(found).toContain('(agent_id, created_at DESC NULLS LAST, id NULLS FIRST)');
  });

  it('have the order alone where nothing is compared, and a range behind it', () => {
    expect(ofKeys(candidates('SELECT 1 FROM commands ORDER BY kind, created_at DESC LIMIT 5'))).toEqual([
      '(kind, created_at DESC)',
    ]);
    expect(ofKeys(candidates('SELECT 1 FROM commands WHERE sent_at < $1 ORDER BY kind LIMIT 5'))).toEqual([
      '(sent_at)',
      '(kind)',
      '(kind, sent_at)',
    ]);
  });

  it('hold two ranges, either one first', () => {
    const found = ofKeys(candidates('SELECT 1 FROM commands WHERE created_at > $1 AND sent_at < $2'));
    expect(found).toEqual(['(created_at)', '(sent_at)', '(created_at, sent_at)', '(sent_at, created_at)']);
  });

  it('mention a column once where it is compared and ordered by, and are no reverse of each other', () => {
    const found = ofKeys(candidates('SELECT 1 FROM commands WHERE created_at > $1 ORDER BY created_at DESC LIMIT 5'));
    expect(found).toEqual(['(created_at)']);
  });

  it('put a join key before and behind the equalities', () => {
    const sql = 'SELECT 1 FROM agents a JOIN commands c ON c.agent_id = a.id WHERE c.status = $1';
    expect(ofKeys(candidates(sql))).toEqual(['(status)', '(agent_id)', '(agent_id, status)', '(status, agent_id)']);
  });

  it('serve the latest row of each outer row', () => {
    const sql =
      'SELECT (SELECT c.kind FROM commands c WHERE c.agent_id = a.id ORDER BY c.created_at DESC LIMIT 1) FROM agents a';
    expect(ofKeys(candidates(sql))).toContain('(agent_id, created_at DESC)');
  });

  it('serve each arm of an OR with what the whole condition asks for besides', () => {
    const found = ofKeys(
      candidates(
        'SELECT 1 FROM commands WHERE kind = $1 AND ((status = $2 AND created_at < $3) OR (status = $4 AND sent_at < $5))',
      ),
    );
    expect(found).toEqual(expect.arrayContaining(['(kind, status, created_at)', '(kind, status, sent_at)']));
    expect(found).not.toContain('(kind, status, created_at, sent_at)');
  });

  it('group behind equalities', () => {
    const found = ofKeys(candidates('SELECT kind, count(*) FROM commands WHERE status = $1 GROUP BY kind'));
    expect(found).toContain('(status, kind)');
  });

  it('have no more columns than are allowed: the first ones of an order are worth having alone', () => {
    const sql = 'SELECT 1 FROM commands WHERE agent_id = $1 ORDER BY kind, created_at, id LIMIT 5';
    expect(ofKeys(candidates(sql, { columnsMax: 3 }))).toContain('(agent_id, kind, created_at)');
    expect(ofKeys(candidates(sql, { columnsMax: 1 }))).toEqual(['(agent_id)']);
  });

  it('are none where a statement asks for no row in particular', () => {
    expect(candidates('SELECT * FROM commands')).toEqual([]);
    expect(candidates("SELECT 1 FROM commands WHERE kind LIKE '%x' AND created_at <> $1")).toEqual([]);
  });
});

describe('existing indexes', () => {
  const onCreatedAt = 'SELECT 1 FROM commands WHERE agent_id = $1 ORDER BY created_at DESC LIMIT 5';

  it('are not proposed again, nor a prefix of them, nor their exact reverse', () => {
    const same = withIndexes({ commands: [{ keys: [key('agent_id'), key('created_at desc')] }] });
    expect(candidates(onCreatedAt, { catalog: same })).toEqual([]);
    const reverse = withIndexes({ commands: [{ keys: [key('agent_id desc'), key('created_at')] }] });
    expect(ofKeys(candidates(onCreatedAt, { catalog: reverse }))).toEqual([]);
  });

  it('leave room for another direction of one of the columns', () => {
    const other = withIndexes({ commands: [{ keys: [key('agent_id'), key('created_at')] }] });
    expect(ofKeys(candidates(onCreatedAt, { catalog: other }))).toEqual(['(agent_id, created_at DESC)']);
  });

  it('do not serve where they are invalid, partial, of another method or of another operator class', () => {
    const keys = [key('agent_id'), key('created_at desc')];
    for (const change of [{ valid: false }, { predicate: "(status = 'x')" }, { method: 'hash' }]) {
      const found = candidates(onCreatedAt, { catalog: withIndexes({ commands: [{ keys, ...change }] }) });
      expect(ofKeys(found), JSON.stringify(change)).toContain('(agent_id, created_at DESC)');
    }
    const pattern = withIndexes({ commands: [{ keys: [{ ...key('kind'), opclass: 'text_pattern_ops' }] }] });
    expect(ofKeys(candidates('SELECT 1 FROM commands WHERE kind = $1', { catalog: pattern }))).toEqual(['(kind)']);
  });

  it('are known by their expressions, with or without parentheses', () => {
    const lower = withIndexes({ commands: [{ keys: [{ ...key('(lower(kind))'), sql: 'lower(kind)' }] }] });
    expect(candidates('SELECT 1 FROM commands WHERE lower(kind) = $1', { catalog: lower })).toEqual([]);
  });
});

describe('partial candidates among all', () => {
  it('stand beside the whole ones', () => {
    expect(candidates("SELECT 1 FROM commands WHERE status = 'sent' AND sent_at < $1")).toEqual([
      'commands (status)',
      'commands (sent_at)',
      'commands (status, sent_at)',
      "commands (sent_at) WHERE status = 'sent'",
    ]);
  });

  it('stand beside an existing whole index, which holds much more', () => {
    const whole = withIndexes({ commands: [{ keys: [key('sent_at')] }] });
    expect(candidates("SELECT 1 FROM commands WHERE status = 'sent' AND sent_at < $1", { catalog: whole })).toContain(
      "commands (sent_at) WHERE status = 'sent'",
    );
  });
});
