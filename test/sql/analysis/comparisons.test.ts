import { describe, expect, it } from 'vitest';
import { analyzeStatement } from '../../../src/sql/analysis/analyze.js';
import { parseStatement } from '../../../src/sql/parse.js';
import { catalogOf } from '../../catalog.js';

const catalog = catalogOf({
  docs: ['id bigint', 'title text', 'body jsonb', 'tags text[]', 'words tsvector', 'at timestamp without time zone'],
  notes: ['doc_id bigint', 'tags text[]'],
});

function read(condition: string) {
  return analyzeStatement(parseStatement(`SELECT d.id FROM docs d WHERE ${condition}`).tree, catalog);
}

function short(condition: string): readonly string[] {
  return (read(condition).scans[0]?.predicates ?? []).map(
    ({ kind, key, operator, literal }) =>
      `${kind} ${key.sql}${key.type == null ? '' : `::${key.type}`} ${operator}${literal == null ? '' : ` ${literal}`}`,
  );
}

it('an address within a network is of a stretch', () => {
  expect(short("title::inet <<= inet '10.0.0.0/8'")).toEqual(['range (title::inet)::inet <<= 10.0.0.0/8']);
});

it('what a cast or coalesce makes a boolean of is a key', () => {
  expect(short("(body ->> 'hot')::boolean AND NOT COALESCE(body ? 'x', false)")).toEqual([
    "equality (CAST(body ->> 'hot' AS boolean))::boolean =",
    "equality (COALESCE(body ? 'x', false)) =",
  ]);
});

it('all values but some are left out where they are the same at every run', () => {
  expect(short("title <> 'a' AND title NOT IN ('b', 'c') AND id <> $1 AND id <> cardinality(tags)")).toEqual([
    'exclusion title <>',
    'exclusion title <>',
  ]);
});

describe('patterns', () => {
  it('are LIKE, ILIKE, regular expressions and prefixes, with the literal where there is one', () => {
    expect(short("d.title LIKE 'abc%' AND d.title ILIKE $1 AND d.title ~ '^a' AND lower(d.title) ~* 'x'")).toEqual([
      'pattern title ~~ abc%',
      'pattern title ~~*',
      'pattern title ~ ^a',
      'pattern (lower(title))::text ~* x',
    ]);
    expect(short("starts_with(title, 'abc') AND title ^@ $1 AND title LIKE ANY (ARRAY['%a%', '%b%'])")).toEqual([
      'pattern title ^@ abc',
      'pattern title ^@',
      'pattern title ~~ ANY',
    ]);
  });

  it('are likenesses of texts, and no remainders of numbers', () => {
    expect(short("title % 'abc' AND 'abc' <% title AND id % 2 = 0")).toEqual([
      'pattern title % abc',
      'pattern title %> abc',
      'equality (id % 2) =',
    ]);
  });

  it('are none where they are negated or where the table is the pattern', () => {
    expect(short("title NOT LIKE 'a%' AND title NOT ILIKE 'a%' AND title !~ 'a' AND 'abc' LIKE title")).toEqual([]);
    expect(short("title NOT LIKE ALL (ARRAY['a%']) AND starts_with('abc', title)")).toEqual([]);
  });

  it('tell whether a parameter is the pattern or a part of it', () => {
    expect(
      read("title LIKE $1 AND title ILIKE '%' || $2 || '%' AND title LIKE concat($3::text, '%')").parameters,
    ).toMatchObject([
      { number: 1, operator: '~~' },
      { number: 2, operator: '~~*', isPart: true },
      { number: 3, operator: '~~', isPart: true },
    ]);
  });
});

describe('containment', () => {
  it('stands with the key on the left, whichever side it is written on', () => {
    expect(short(`body @> '{"a":1}' AND '{x}' <@ tags AND ARRAY['y'] && tags AND to_tsquery('z') @@ words`)).toEqual([
      'containment body @> {"a":1}',
      'containment tags @> {x}',
      'containment tags &&',
      'containment words @@',
    ]);
    expect(short("body ? 'a' AND body ?| $1 AND body @? '$.a' AND tags OPERATOR(pg_catalog.@>) '{x}'::text[]")).toEqual(
      ['containment body ? a', 'containment body ?|', 'containment body @? $.a', 'containment tags @> {x}'],
    );
  });

  it('is none where an element is sought in the array of a row', () => {
    expect(short('$1 = ANY (tags)')).toEqual([]);
  });

  it('may be with another table', () => {
    const { scans } = analyzeStatement(
      parseStatement('SELECT 1 FROM docs d JOIN notes n ON d.tags && n.tags').tree,
      catalog,
    );
    expect(scans[0]?.predicates).toMatchObject([{ kind: 'containment', operator: '&&', key: { sql: 'tags' } }]);
  });
});

describe('the type of an expression', () => {
  it.each([
    ["to_tsvector('english', title) @@ $1", 'tsvector'],
    ["body -> 'a' @> $1", 'jsonb'],
    ["body #> '{a,b}' @> $1", 'jsonb'],
    ["body ->> 'a' LIKE $1", 'text'],
    ["(body ->> 'n')::int = $1", 'integer'],
    ['coalesce(title, $$x$$) = $1', 'text'],
    ["(body ->> 'l')::text[] && $1", 'text[]'],
    ["to_tsvector('simple', title) || words @@ $1", 'tsvector'],
    ["date_trunc('day', at) = $1", 'timestamp without time zone'],
  ])('of %s is %s', (condition, type) => {
    expect(read(condition).scans[0]?.predicates[0]?.key.type).toBe(type);
  });
});
