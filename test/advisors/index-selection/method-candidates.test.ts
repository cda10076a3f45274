import { describe, expect, it } from 'vitest';
import { methodCandidates } from '../../../src/advisors/index-selection/method-candidates.js';
import type { Catalog, Index, Table } from '../../../src/model/catalog.js';
import type { Statistics } from '../../../src/model/statistics.js';
import { catalogOf } from '../../catalog.js';
import { distinct, inWords, key, statement } from './statements.js';

const docs = catalogOf({
  docs: [
    ...['id integer', 'status text', 'title text', 'name character varying', 'email public.citext'],
    ...['data jsonb', 'old json', 'tags text[]', 'numbers integer[]', 'words tsvector', 'span tsrange', 'at timestamp'],
  ],
});

const NO_STATISTICS: Statistics = { columns: [], extended: [], typeNames: [], unreadable: [] };

interface Changes {
  readonly catalog?: Partial<Catalog>;
  readonly table?: Partial<Table>;
  readonly statistics?: Statistics;
}

/** The candidates of a query's condition on docs, in words. */
function candidates(condition: string, { catalog = {}, table = {}, statistics = NO_STATISTICS }: Changes = {}) {
  const CATEGORIES: Readonly<Record<string, string>> = { tsrange: 'R', jsonb: 'U', integer: 'N', tsvector: 'U' };
  const tables = docs.tables.map((each) => ({
    ...each,
    columns: each.columns.map((column) => ({ ...column, typeCategory: CATEGORIES[column.baseType] ?? 'S' })),
    ...table,
  }));
  const whole = { ...docs, tables, ...catalog } as Catalog;
  const { analysis } = statement(`SELECT id FROM docs WHERE ${condition}`, { catalog: whole });
  const options = { columnsMax: 4, distinct, blocks: () => 100, widthBytes: () => 8, catalog: whole, statistics };
  return analysis.scans.flatMap((scan) => methodCandidates(scan, options)).map(inWords);
}

const extension = (name: string, schema = 'public') => ({ name, version: '1', schema });
const TRIGRAMS: Changes = { catalog: { extensions: [extension('pg_trgm', 'ext')] } };

describe('prefixes', () => {
  it('take the operator class of the type, alone, behind equalities and under a lasting predicate', () => {
    expect(candidates("title LIKE 'a%' AND status = $1")).toEqual([
      'docs (title text_pattern_ops)',
      'docs (status, title text_pattern_ops)',
    ]);
    expect(candidates("title LIKE 'a%' AND at IS NOT NULL")).toEqual([
      'docs (title text_pattern_ops)',
      'docs (title text_pattern_ops) WHERE at IS NOT NULL',
    ]);
    expect(candidates("name ~ '^abc'")).toEqual(['docs (name varchar_pattern_ops)']);
    expect(candidates('starts_with(lower(title), $1)')).toEqual(['docs ((lower(title)) text_pattern_ops)']);
  });

  it('take none where text is compared byte by byte', () => {
    const locale = { encoding: 'UTF8', ctype: 'C', locale: null };
    const plain = ['docs (title)'];
    const withLocale = (provider: 'libc' | 'icu' | 'builtin', collate: string) =>
      candidates("title LIKE 'a%'", { catalog: { locale: { ...locale, provider, collate } } });
    expect(withLocale('libc', 'C')).toEqual(plain);
    expect(withLocale('builtin', 'C.UTF-8')).toEqual(plain);
    expect(withLocale('libc', 'C.UTF-8')).not.toEqual(plain);
    expect(withLocale('icu', 'C')).not.toEqual(plain);
    const [table] = docs.tables;
    const columns = (table?.columns ?? []).map((column) => ({ ...column, collation: 'pg_catalog."C"' }));
    expect(candidates("title LIKE 'a%'", { table: { columns } })).toEqual(plain);
  });

  it('are none where a wildcard leads, of citext, and of regular expressions that begin otherwise', () => {
    for (const condition of [
      "title LIKE '%a'",
      "title LIKE '_a%'",
      "email LIKE 'a%'",
      "title ~ 'abc'",
      "title ~ '^.a'",
    ])
      expect(candidates(condition), condition).toEqual([]);
  });
});

describe('GIN', () => {
  it('takes documents by paths where nothing else is asked of them', () => {
    expect(candidates('data @> $1')).toEqual(['docs USING gin (data jsonb_path_ops)', 'docs USING gin (data)']);
    expect(candidates("data @> $1 AND data ? 'a'")).toEqual(['docs USING gin (data)']);
    expect(candidates("data -> 'a' @? '$.b'")[0]).toBe("docs USING gin ((data -> 'a') jsonb_path_ops)");
    expect(candidates('data <@ $1')).toEqual([]);
    expect(candidates('old @> $1')).toEqual([]);
  });

  it('takes arrays, unless an element is sought in a row’s array', () => {
    expect(candidates("'{a}' <@ tags")).toEqual(['docs USING gin (tags)']);
    expect(candidates('numbers && $1')).toEqual(['docs USING gin (numbers)']);
    expect(candidates('numbers && $1', { catalog: { extensions: [extension('intarray', 'My')] } })).toEqual([
      'docs USING gin (numbers "My".gin__int_ops)',
    ]);
    expect(candidates('$1 = ANY (tags) AND tags = $2')).toEqual([]);
  });

  it('takes words, in a column and in an expression, and several keys at once', () => {
    expect(candidates('words @@ $1')).toEqual(['docs USING gin (words)']);
    expect(candidates("to_tsvector('english', title) @@ $1")).toEqual([
      "docs USING gin ((to_tsvector('english', title)))",
    ]);
    expect(candidates('words @@ $1 AND tags && $2')).toEqual([
      'docs USING gin (words)',
      'docs USING gin (tags)',
      'docs USING gin (words, tags)',
    ]);
  });

  it('takes equality columns in front where btree_gin is installed', () => {
    expect(
      candidates('status = $1 AND tags && $2', { catalog: { extensions: [extension('btree_gin')] } }).slice(1),
    ).toEqual(['docs USING gin (status, tags)']);
  });
});

describe('trigrams', () => {
  it('take patterns and regular expressions with three letters in a row', () => {
    expect(candidates("title ILIKE '%abc%'", TRIGRAMS)).toEqual(['docs USING gin (title ext.gin_trgm_ops)']);
    expect(candidates("title ~* 'a.*bcd'", TRIGRAMS)).toEqual(['docs USING gin (title ext.gin_trgm_ops)']);
    expect(candidates("title % 'abcd'", TRIGRAMS)).toEqual(['docs USING gin (title ext.gin_trgm_ops)']);
    expect(candidates("'abcd' <% title", TRIGRAMS)).toEqual(['docs USING gin (title ext.gin_trgm_ops)']);
    expect(candidates('title LIKE ANY ($1)', TRIGRAMS)).toEqual(['docs USING gin (title ext.gin_trgm_ops)']);
    for (const condition of [
      "title LIKE '%ab%'",
      "title ILIKE '%a%b%'",
      "title NOT LIKE '%abc%'",
      "tags::text = 'abc'",
    ])
      expect(candidates(condition, TRIGRAMS), condition).toEqual([]);
  });

  it('leave a mere prefix to the btree, and wait for an extension that can be had', () => {
    expect(candidates("title LIKE 'abc%'", TRIGRAMS)).toEqual(['docs (title text_pattern_ops)']);
    expect(candidates("title LIKE '%abc'")).toEqual([]);
    expect(candidates("title LIKE '%abc'", { catalog: { installableExtensions: ['pg_trgm'] } })).toEqual([
      'docs USING gin (title public.gin_trgm_ops)',
    ]);
  });
});

describe('GiST and BRIN', () => {
  it('take ranges', () => {
    expect(candidates('span && tsrange($1, $2)')).toEqual(['docs USING gist (span)']);
    expect(candidates('$1 <@ span')).toEqual(['docs USING gist (span)']);
    expect(candidates("int4range(id, id + 9, '[]') && $1")).toEqual([
      "docs USING gist ((int4range(id, id + 9, '[]')))",
    ]);
    expect(candidates('$1 <@ tsrange(at, at)')).toEqual(['docs USING gist ((tsrange(at, at)))']);
    expect(candidates('my_range(id, id) && $1')).toEqual([]);
  });

  it('take stretches of a column in whose order a table of 100 MB lies and stays', () => {
    const correlated = (correlation: number): Statistics => ({
      ...NO_STATISTICS,
      columns: [{ schema: 'public', table: 'docs', column: 'at', correlation }] as unknown as Statistics['columns'],
    });
    const at = (blocks: number, correlation: number, rowsDeleted = 0) => {
      const [table] = docs.tables;
      const counters = { ...table?.counters, rowsDeleted } as Table['counters'];
      const storage = { blocks, pages: blocks, tuples: 1e6, allVisiblePages: 0 };
      return candidates('at > $1', { table: { storage, counters }, statistics: correlated(correlation) });
    };
    expect(at(12_800, 0.999)).toEqual(['docs USING brin (at)']);
    expect(at(12_800, -0.999)).toEqual(['docs USING brin (at)']);
    expect(at(12_799, 0.999)).toEqual([]);
    expect(at(12_800, 0.9)).toEqual([]);
    expect(at(12_800, 0.999, 10_001)).toEqual([]);
  });
});

describe('an index that is there', () => {
  it('is not proposed again, by whatever name its operator class goes', () => {
    const there = (index: Partial<Index>): Changes => ({
      ...TRIGRAMS,
      table: { indexes: [{ method: 'gin', predicate: null, valid: true, include: [], ...index } as Index] },
    });
    const withClass = (name: string, opclass: string | null) => [{ ...key(name), opclass }];
    expect(
      candidates(
        "title LIKE 'a%'",
        there({ method: 'btree', keys: withClass('title', 'pg_catalog.text_pattern_ops') }),
      ),
    ).toEqual([]);
    expect(candidates('data @> $1', there({ keys: withClass('data', null) }))).toEqual([]);
    expect(candidates("data ? 'a'", there({ keys: withClass('data', 'pg_catalog.jsonb_path_ops') }))).toEqual([
      'docs USING gin (data)',
    ]);
    expect(
      candidates("title LIKE '%abc'", there({ keys: [key('status'), ...withClass('title', 'ext.gin_trgm_ops')] })),
    ).toEqual([]);
    expect(candidates('tags && $1', there({ keys: [key('tags')], predicate: '(id > 5)' }))).toHaveLength(1);
  });
});
