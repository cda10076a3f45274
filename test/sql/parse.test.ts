import { describe, expect, it } from 'vitest';
import { parseStatement, parseStatements } from '../../src/sql/parse.js';
import { ParseFailure } from '../../src/sql/parse-failure.js';

function failureOf(text: string): Pick<ParseFailure, 'message' | 'line' | 'column'> {
  try {
    parseStatements(text);
  } catch (error) {
    if (!(error instanceof ParseFailure)) throw error;
    return { message: error.message, line: error.line, column: error.column };
  }
  throw new Error('the text was parsed');
}

describe('parseStatements', () => {
  it('gives the exact slice of each statement, without its semicolon and the comments around it', () => {
    const text = '-- one\nselect 1 /* inner */ + 1 ; -- behind\n/* a /* nested */ b */ select 2 -- last\n';
    const statements = parseStatements(text);
    expect(statements.map((statement) => statement.text)).toEqual(['select 1 /* inner */ + 1', 'select 2']);
    for (const statement of statements) {
      expect(text.slice(statement.offset).startsWith(statement.text)).toBe(true);
    }
  });

  it('places statements right behind a byte order mark, CR LF and characters of two, three and four bytes', () => {
    const text = "\uFEFF-- é€😀\r\nselect 'é€😀';\r\n  select 2";
    const statements = parseStatements(text);
    expect(statements.map(({ text, line, column }) => ({ text, line, column }))).toEqual([
      { text: "select 'é€😀'", line: 2, column: 1 },
      { text: 'select 2', line: 3, column: 3 },
    ]);
    for (const statement of statements) {
      expect(text.slice(statement.offset).startsWith(statement.text)).toBe(true);
    }
  });

  it('counts a lone carriage return as the end of a line', () => {
    expect(parseStatements('select 1;\rselect 2')[1]).toMatchObject({ line: 2, column: 1 });
  });

  it('gives nothing for a text without a statement', () => {
    expect(parseStatements('')).toEqual([]);
    expect(parseStatements(' ;; -- nothing\n')).toEqual([]);
  });

  it('does not end a statement at a semicolon inside BEGIN ATOMIC or a dollar quote', () => {
    const text = `create function f() returns int language sql begin atomic select 1; select 2; end;
      do $x$ begin perform 1; end $x$; select 3`;
    expect(parseStatements(text).map((statement) => statement.text.slice(-8))).toEqual([
      't 2; end',
      ' end $x$',
      'select 3',
    ]);
  });

  it('places an error that stands behind characters outside ASCII', () => {
    expect(failureOf("select 1;\nselect 'é😀', from")).toMatchInlineSnapshot(`
      {
        "column": 15,
        "line": 2,
        "message": "syntax error at or near "from"",
      }
    `);
    expect(failureOf("select '€")).toMatchInlineSnapshot(`
      {
        "column": 8,
        "line": 1,
        "message": "unterminated quoted string at or near "'€"",
      }
    `);
  });

  it('refuses a NUL character, since the parser would stop there without a word', () => {
    expect(failureOf('select 1;\nselect \0 2')).toMatchInlineSnapshot(`
      {
        "column": 8,
        "line": 2,
        "message": "the text holds a NUL character",
      }
    `);
  });

  it('refuses more than 10 MB and says how many bytes there are', () => {
    expect(failureOf(`select '${'é'.repeat(5_000_000)}'`).message).toMatchInlineSnapshot(
      `"the text has 10000009 bytes, more than the 10000000 that are parsed"`,
    );
  });

  it('refuses what nests too deeply and can parse the next text', () => {
    expect(failureOf(`select ${'1+'.repeat(200_000)}1`).message).toMatchInlineSnapshot(
      `"the text nests too deeply to be parsed"`,
    );
    expect(parseStatements('select 1')).toHaveLength(1);
  });
});

describe('parseStatement', () => {
  it('refuses none and several', () => {
    expect(() => parseStatement('-- nothing')).toThrow('no statement');
    expect(() => parseStatement('select 1; select 2')).toThrow('more than one statement');
    expect(parseStatement('select 1;').text).toBe('select 1');
  });
});
