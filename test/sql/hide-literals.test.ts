import { describe, expect, it } from 'vitest';
import { hideLiterals } from '../../src/sql/hide-literals.js';
import { parseStatements } from '../../src/sql/parse.js';

function hide(text: string, backslashes = false) {
  return hideLiterals(text, { backslashes }).map((statement) => [statement.text, ...statement.values]);
}

describe('hidden literals', () => {
  it('are the strings and numbers of a text, numbered behind the parameters that are there', () => {
    expect(hide("SELECT * FROM t1 WHERE a = 42 AND b = 'it''s' AND c = $2 AND d > -1.5e3")).toEqual([
      ['SELECT * FROM t1 WHERE a = $3 AND b = $4 AND c = $2 AND d > -$5', '42', "it's", '1.5e3'],
    ]);
  });

  it.each([
    ["SELECT 'a\\', 'secret'", false, ['SELECT $1, $2', 'a\\', 'secret']],
    ["SELECT 'a\\', ''secret'", true, ['SELECT $1', "a', 'secret"]],
    ["SELECT E'a\\'b', e'c'", false, ['SELECT $1, $2', "a'b", 'c']],
    ["SELECT U&'d\\0061t', N'x', B'01', X'ff'", false, ['SELECT $1, $2, $3, $4', 'd\\0061t', 'x', '01', 'ff']],
    ['SELECT $$a $1 b$$, $x$ $$ $x$, $1', false, ['SELECT $2, $3, $1', 'a $1 b', ' $$ ']],
    [
      'SELECT "we""ird 5", a1, é2, 0x1F, 1_000, .5',
      false,
      ['SELECT "we""ird 5", a1, é2, $1, $2, $3', '0x1F', '1_000', '.5'],
    ],
    ["SELECT 1 -- it's 5\n, 2 /* 3 /* '4 */ 5 */", false, ["SELECT $1 -- it's 5\n, $2 /* 3 /* '4 */ 5 */", '1', '2']],
    ["SELECT 'no end", false, ['SELECT $1', 'no end']],
    ['SELECT $a$ no end', false, ['SELECT $1', ' no end']],
    ["SELECT 1 /* 'no end", false, ["SELECT $1 /* 'no end", '1']],
  ])('are told from what only looks like them: %s', (text, backslashes, expected) => {
    expect(hide(text, backslashes)).toEqual([expected]);
  });

  it('are not the numbers that are places or belong to a type', () => {
    const text =
      'SELECT a::varchar(20), sum(b, 7)::numeric(10, 2) FROM t GROUP BY 1, 2 HAVING count(*) > 3 ORDER BY 2 DESC, coalesce(a, 5), 1 LIMIT 10 OFFSET 20';
    expect(hide(text)).toEqual([
      [
        'SELECT a::varchar(20), sum(b, $1)::numeric(10, 2) FROM t GROUP BY 1, 2 HAVING count(*) > $2 ORDER BY 2 DESC, coalesce(a, $3), 1 LIMIT $4 OFFSET $5',
        ...['7', '3', '5', '10', '20'],
      ],
    ]);
  });

  it('leave texts that PostgreSQL still parses', () => {
    const texts = [
      "INSERT INTO t (a, b) VALUES (1, 'x'), (2, 'y') ON CONFLICT (a) DO UPDATE SET b = 'z' RETURNING a",
      "SELECT * FROM t WHERE c > timestamp '2026-01-01' AND d < now() - interval '1 day' LIMIT 5",
      'CREATE TABLE t (a varchar(10) DEFAULT 5, b timestamp(3), c numeric(5, 2) CHECK (c > 0))',
      "UPDATE t SET a = CASE WHEN b = 1 THEN 'x' ELSE NULL END WHERE c IN (1, 2, 3)",
    ];
    for (const text of texts) expect(() => parseStatements(hide(text)[0]?.[0] ?? '')).not.toThrow();
  });

  it('come statement by statement', () => {
    expect(hide(" SELECT 1; ;UPDATE t SET a = ';' WHERE b = (2);\n")).toEqual([
      ['SELECT $1', '1'],
      ['UPDATE t SET a = $1 WHERE b = ($2)', ';', '2'],
    ]);
    expect(hide(' -- nothing\n')).toEqual([['-- nothing']]);
  });
});
