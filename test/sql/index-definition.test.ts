import { describe, expect, it } from 'vitest';
import type { IndexKey } from '../../src/model/catalog.js';
import type { IndexSpec } from '../../src/model/planner.js';
import { analyzeSql, createExtensionSql, createIndexSql, indexName } from '../../src/sql/index-definition.js';
import { quoteIdentifier } from '../../src/sql/quote.js';

function key(column: string, changes: Partial<IndexKey> = {}): IndexKey {
  return {
    column,
    sql: quoteIdentifier(column),
    descending: false,
    nullsFirst: false,
    opclass: null,
    collation: null,
    ...changes,
  };
}

function spec(changes: Partial<IndexSpec> = {}): IndexSpec {
  return {
    table: { schema: 'public', name: 't' },
    method: 'btree',
    keys: [key('a')],
    include: [],
    predicate: null,
    unique: false,
    ...changes,
  };
}

const lower = key('x', { column: null, sql: '(lower(x))' });

describe('createIndexSql', () => {
  it('leaves out what is the default and quotes what needs it', () => {
    expect(createIndexSql(spec({ table: { schema: 'My', name: 'order' }, keys: [key('a'), key('B')] }))).toBe(
      'CREATE INDEX "order_a_B_idx" ON "My"."order" (a, "B")',
    );
  });

  it('writes order, place of nulls, collation and operator class where they differ', () => {
    const keys = [
      key('a', { descending: true, nullsFirst: true }),
      key('b', { descending: true }),
      key('c', { nullsFirst: true }),
      key('d', { collation: '"C"', opclass: 'text_pattern_ops' }),
    ];
    expect(createIndexSql(spec({ keys }), { name: 'i' })).toBe(
      'CREATE INDEX i ON public.t (a DESC, b DESC NULLS LAST, c NULLS FIRST, d COLLATE "C" text_pattern_ops)',
    );
  });

  it('writes the access method where it is no btree, and puts it in the name', () => {
    const gin = spec({ method: 'gin', keys: [key('a')] });
    expect(createIndexSql(gin)).toBe('CREATE INDEX t_a_gin_idx ON public.t USING gin (a)');
    expect(createIndexSql(spec({ ...gin, keys: [key('a', { opclass: 'public.gin_trgm_ops' })] }), { name: 'i' })).toBe(
      'CREATE INDEX i ON public.t USING gin (a public.gin_trgm_ops)',
    );
    expect(createExtensionSql({ name: 'pg_trgm', schema: 'Ext' })).toBe(
      'CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA "Ext"',
    );
  });

  it('writes UNIQUE, CONCURRENTLY, INCLUDE and WHERE', () => {
    const whole = spec({ keys: [lower], include: ['b', 'end'], predicate: "(s = 'x')", unique: true });
    expect(createIndexSql(whole, { name: 'i', concurrently: true })).toBe(
      `CREATE UNIQUE INDEX CONCURRENTLY i ON public.t ((lower(x))) INCLUDE (b, "end") WHERE (s = 'x')`,
    );
  });
});

describe('indexName', () => {
  it('is made of the table and its columns', () => {
    const keys = [key('agent_id'), key('created_at', { descending: true, nullsFirst: true })];
    expect(indexName(spec({ keys }))).toBe('t_agent_id_created_at_desc_idx');
  });

  it('differs for indexes of the same columns that differ in anything else', () => {
    const specs = [
      spec(),
      spec({ predicate: '(b = 1)' }),
      spec({ predicate: '(b = 2)' }),
      spec({ include: ['b'] }),
      spec({ unique: true }),
      spec({ keys: [key('a', { nullsFirst: true })] }),
      spec({ keys: [key('a', { descending: true, nullsFirst: true })] }),
      spec({ keys: [key('a', { opclass: 'text_pattern_ops' })] }),
      spec({ keys: [lower] }),
      spec({ keys: [key('x', { column: null, sql: '(upper(x))' })] }),
    ];
    expect(new Set(specs.map((each) => indexName(each))).size).toBe(specs.length);
  });

  it('takes a hash when the plain name is taken', () => {
    expect(indexName(spec(), new Set(['t_a_idx']))).toMatch(/^t_a_[0-9a-f]{8}_idx$/);
  });

  it('stays within 63 bytes, never cuts a character and tells long names apart', () => {
    const long = (last: string) => spec({ keys: [key('ü'.repeat(30)), key(last)] });
    const names = [indexName(long('a')), indexName(long('b'))];
    expect(names[0]).not.toBe(names[1]);
    for (const name of names) {
      expect(Buffer.byteLength(name)).toBeLessThanOrEqual(63);
      expect(name).toMatch(/^t_ü{24}_[0-9a-f]{8}_idx$/);
    }
  });
});

it('an index on an expression is to be analyzed, and one on columns is not', () => {
  expect(analyzeSql(spec({ keys: [key('a'), lower] }))).toBe('ANALYZE public.t');
  expect(analyzeSql(spec())).toBeNull();
});
