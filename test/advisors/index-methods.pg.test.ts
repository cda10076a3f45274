import { beforeAll, describe, expect, it, vi } from 'vitest';
import { type TestDatabase, testDatabase } from '../postgres.js';
import { adviseOn, found, type WorkloadEntry } from './advise-on.js';
import { fillLibrary } from './library.js';
import { realBuffers } from './real-buffers.js';

// Each run of advice starts a server of its own, which a busy machine makes a matter of many seconds.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let library: TestDatabase;

const freshLibrary = () => testDatabase({ template: 'library', prepare: fillLibrary });

beforeAll(async () => {
  library = await freshLibrary();
  await library.session.script('CREATE EXTENSION pg_trgm; CREATE EXTENSION btree_gin');
});

const select = (condition: string, parameters?: readonly unknown[]): WorkloadEntry => ({
  sql: `SELECT id FROM articles WHERE ${condition}`,
  ...(parameters === undefined ? {} : { parameters }),
});

/** Expects these indexes, and that, really built, they at least halve what each statement reads. */
async function expectAdvice(entries: readonly WorkloadEntry[], keys: readonly string[]): Promise<void> {
  const report = await adviseOn(library.url, entries);
  expect(found(report)).toEqual([...keys].sort());
  const before = await realBuffers(library.session, entries, []);
  const after = await realBuffers(library.session, entries, report.indexSet.create);
  for (const [place, buffers] of after.entries())
    expect(buffers * 2, `buffers of ${entries[place]?.sql}, ${before[place]} before`).toBeLessThanOrEqual(
      before[place] ?? 0,
    );
}

describe('finds the index for texts that begin alike', () => {
  it('under the collation of the database, of a varchar and in small letters', () =>
    expectAdvice(
      [
        select("slug LIKE 'slug-123%'"),
        select('title LIKE $1', ['Title 77%']),
        select("lower(email) LIKE 'c4ca42%'"),
        select("lower(note) ~ '^note 77'"),
      ],
      [
        'articles(slug text_pattern_ops)',
        'articles(title varchar_pattern_ops)',
        'articles((lower(email)) text_pattern_ops)',
        'articles((lower(note)) text_pattern_ops)',
      ],
    ));

  it('with an equality in front, and as a plain index where the collation is C', () =>
    expectAdvice(
      [
        select("owner = 7 AND slug LIKE 'slug-1%'"),
        select("code LIKE 'c123%'"),
        select("starts_with(title, 'Title 987')"),
      ],
      ['articles(owner,slug text_pattern_ops)', 'articles(code)', 'articles(title varchar_pattern_ops)'],
    ));
});

describe('finds the index for', () => {
  it('which members documents have', () =>
    expectAdvice([select(`data @> '{"user": "u77"}'`), select("data ? 'urgent'")], ['articles(gin data)']));

  it('what documents hold, words in a column and in an expression, and ranges that overlap', () =>
    expectAdvice(
      [
        select(`data @> '{"user": "u77"}'`),
        select("words @@ to_tsquery('simple', 'w6ea9ab1 & wc4ca423')"),
        select("to_tsvector('simple', body) @@ plainto_tsquery('simple', 'wa35fe7f')"),
        select('span && int4range(70, 90)'),
      ],
      [
        'articles(gin data jsonb_path_ops)',
        'articles(gin words)',
        "articles(gin (to_tsvector('simple',body)))",
        'articles(gist span)',
      ],
    ));

  it('ranges that are made of two columns, with the word that they must be made of each row', async () => {
    const { url, session } = await freshLibrary();
    await session.script(
      `ALTER TABLE articles ADD until timestamp; UPDATE articles SET until = at + interval '1 hour'`,
    );
    await session.query('VACUUM ANALYZE articles');
    const entry = select("tsrange(at, until) && tsrange('2026-02-01 10:00', '2026-02-01 11:00')");
    const report = await adviseOn(url, [entry]);
    expect(found(report)).toEqual(['articles(gist (tsrange(at,until)))']);
    const [before = 0] = await realBuffers(session, [entry], []);
    const [after = 0] = await realBuffers(session, [entry], report.indexSet.create);
    expect(after * 10).toBeLessThan(before);
    expect(report.findings[0]?.fix?.sql[0]?.hazards).toContain(
      'refuses rows from then on that the expression cannot be made of, such as a range that ends before it begins',
    );
  });

  it('parts of words, in whatever letters, and parts that a parameter is', () =>
    expectAdvice(
      [
        select("email ILIKE '%C4CA4%'"),
        select("email ILIKE '%' || $1 || '%'", ['c4ca4']),
        select("body LIKE '%wa35fe7f%'"),
        select('body LIKE ANY ($1)', ['{%wa35fe7f%,%wa8c6dd9%}']),
        select("title ~ '[0-9]7777'"),
        select("lower(slug) LIKE '%7777%'"),
      ],
      [
        'articles(gin email gin_trgm_ops)',
        'articles(gin body gin_trgm_ops)',
        'articles(gin title gin_trgm_ops)',
        'articles(gin (lower(slug)) gin_trgm_ops)',
      ],
    ));

  it('elements of arrays, whichever side they are written on, and rows that are to be changed', () =>
    expectAdvice(
      [
        select("tags @> ARRAY['t599']"),
        select("tags && ARRAY['t588', 't577']"),
        select("'{77}' <@ numbers"),
        { sql: "UPDATE articles SET note = 'x' WHERE tags @> ARRAY['t598']", calls: 100 },
        { sql: "DELETE FROM articles WHERE slug LIKE 'slug-777%'", calls: 100 },
      ],
      ['articles(gin tags)', 'articles(gin numbers)', 'articles(slug text_pattern_ops)'],
    ));
});

describe('finds an index for each arm of a search', () => {
  it('in two columns, and by an equality or a part of a word', () =>
    expectAdvice(
      [select("email ILIKE '%c4ca4%' OR title LIKE '%7777%'"), select("code = 'c77' OR slug ~ '[0-9]7777'")],
      [
        'articles(code)',
        'articles(gin email gin_trgm_ops)',
        'articles(gin slug gin_trgm_ops)',
        'articles(gin title gin_trgm_ops)',
      ],
    ));
});

describe('finds several keys in one index', () => {
  it('an equality and an array where btree_gin is installed, and one key under a lasting predicate', () =>
    expectAdvice(
      [
        select("owner = 7 AND tags && ARRAY['t1', 't2', 't3']"),
        select("note IS NULL AND email LIKE '%c4ca4%'"),
        select("kind = 'rare' AND slug LIKE 'slug-12%'"),
      ],
      [
        'articles(gin owner,tags)',
        'articles(gin email gin_trgm_ops) where note IS NULL',
        "articles(slug text_pattern_ops) where kind = 'rare'",
      ],
    ));
});

describe('finds the index on an expression', () => {
  it('that is compared, that orders and that joins', () =>
    expectAdvice(
      [
        select("data ->> 'user' = 'u77'"),
        select("(data ->> 'n')::int BETWEEN 70 AND 75"),
        select("date_trunc('day', at) = '2026-02-03'"),
        select("upper(slug) = 'SLUG-77'"),
        select("coalesce(note, '-') = $1", ['note 77']),
        { sql: 'SELECT id FROM articles ORDER BY lower(title) LIMIT 5' },
        {
          sql: 'SELECT a.id FROM shelves s JOIN articles a ON upper(a.slug) = upper(s.title) WHERE s.code = $1',
          parameters: ['s7'],
        },
      ],
      [
        "articles((data ->> 'user'))",
        "articles((CAST(data ->> 'n' AS int)))",
        "articles((date_trunc('day',at)))",
        'articles((upper(slug)))',
        "articles((COALESCE(note,'-')))",
        'articles((lower(title)))',
      ],
    ));
});

describe('where the workload shows no values', () => {
  it('finds the index for those of the statistics', async () => {
    const report = await adviseOn(library.url, [
      select('slug LIKE $1'),
      select('email ILIKE $1'),
      select('data @> $1'),
      // Every number is as rare; of tags a sample may hold the common ones, for which no index is worth having.
      select('numbers && $1'),
      select('words @@ plainto_tsquery($1)'),
      select("lower(note) LIKE $1 || '%'"),
    ]);
    expect(found(report)).toEqual([
      'articles((lower(note)) text_pattern_ops)',
      'articles(gin data jsonb_path_ops)',
      'articles(gin email gin_trgm_ops)',
      'articles(gin numbers)',
      'articles(gin words)',
      'articles(slug text_pattern_ops)',
    ]);
  });
});

describe('a very large table that lies in the order of its times', () => {
  it('gets the index that costs its writers next to nothing', async () => {
    const { url, session } = await testDatabase();
    await session.script(`
      CREATE TABLE readings (id int PRIMARY KEY, at timestamp NOT NULL, value int NOT NULL, note text NOT NULL);
      INSERT INTO readings SELECT n, timestamp '2026-01-01' + n * interval '1 minute', n % 1000, repeat('r', 1900)
        FROM generate_series(1, 52000) AS n`);
    await session.query('VACUUM (ANALYZE)');
    const read = { sql: "SELECT sum(value) FROM readings WHERE at BETWEEN '2026-01-10' AND '2026-01-11'", calls: 10 };
    const write = { sql: "INSERT INTO readings VALUES (0, now(), 0, '')", calls: 200_000 };
    const report = await adviseOn(url, [read, write]);
    expect(found(report)).toEqual(['readings(brin at)']);
    const [before] = await realBuffers(session, [read], []);
    const [after] = await realBuffers(session, [read], report.indexSet.create);
    expect((after ?? 0) * 10).toBeLessThan(before ?? 0);
    const few = await adviseOn(url, [{ ...read, calls: 10_000 }]);
    expect(found(few)[0]).toMatch(/^readings\(at\b/);
  });
});

describe('has nothing to say of', () => {
  it('what costs the writers more than it spares the readers', async () => {
    const insert = {
      sql: 'INSERT INTO articles SELECT a.* FROM articles a WHERE a.id = $1',
      parameters: [0],
      calls: 100_000,
    };
    const reads = [
      { ...select("body LIKE '%wa35fe7f%'"), calls: 200 },
      { ...select("words @@ 'wa35fe7f'"), calls: 100 },
    ];
    expect(found(await adviseOn(library.url, [...reads, insert]))).toEqual([]);
    expect(found(await adviseOn(library.url, [...reads, { ...insert, calls: 10_000 }]))).toEqual([
      'articles(gin body gin_trgm_ops)',
      'articles(gin words)',
    ]);
  });

  it('what no index answers', async () => {
    const report = await adviseOn(library.url, [
      select("slug NOT LIKE 'slug-1%'"),
      select("email LIKE '%a%'"),
      select("email ILIKE '%ab%'"),
      select('$1 = ANY (tags)', ['t599']),
      select("date_trunc('day', seen) = '2026-02-03'"),
      select("to_tsvector(body) @@ to_tsquery('simple', 'wa35fe7f')"),
      select("seen::date = '2026-02-03'"),
      select(`data @> '{}'`),
      select(`data @> '{"kind": "a"}'`),
      { sql: "SELECT title FROM shelves WHERE title LIKE 'Shelf 7%'" },
      { sql: "SELECT title FROM shelves WHERE title ILIKE '%elf 7%'" },
    ]);
    expect(found(report)).toEqual([]);
  });

  it('what indexes answer already', async () => {
    const { url, session } = await freshLibrary();
    await session.script(`
      CREATE EXTENSION pg_trgm;
      CREATE INDEX ON articles (slug text_pattern_ops); CREATE INDEX ON articles USING gin (data);
      CREATE INDEX ON articles USING gin (tags); CREATE INDEX ON articles USING gin (email gin_trgm_ops)`);
    const report = await adviseOn(url, [
      select("slug LIKE 'slug-123%'"),
      select(`data @> '{"user": "u77"}'`),
      select("tags @> ARRAY['t599']"),
      select("email ILIKE '%c4ca4%'"),
    ]);
    expect(found(report)).toEqual([]);
  });
});

describe('an extension that could be installed', () => {
  it('is created before the index that needs it', async () => {
    const { url, session } = await freshLibrary();
    const entries = [select("email ILIKE '%C4CA4%'")];
    const report = await adviseOn(url, entries);
    expect(found(report)).toEqual(['articles(gin email gin_trgm_ops)']);
    expect(report.indexSet.create[0]).toBe('CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public');
    expect(report.findings[0]?.fix?.sql).toMatchObject([
      { sql: 'CREATE EXTENSION IF NOT EXISTS pg_trgm SCHEMA public', transactional: true },
      { sql: expect.stringMatching(/^CREATE INDEX CONCURRENTLY .* USING gin \(email public\.gin_trgm_ops\)$/) },
    ]);
    const [before] = await realBuffers(session, entries, []);
    const [after] = await realBuffers(session, entries, report.indexSet.create);
    expect((after ?? 0) * 2).toBeLessThan(before ?? 0);
  });
});
