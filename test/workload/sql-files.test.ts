import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { StewardError } from '../../src/errors.js';
import { readSqlFiles } from '../../src/workload/sql-files.js';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pgsteward-sql-'));
});

afterEach(() => rm(folder, { recursive: true }));

async function write(name: string, text: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text);
  return path;
}

async function read(text: string) {
  const path = await write('queries.sql', text);
  const { statements, skipped } = await readSqlFiles(path);
  return {
    texts: statements.map((statement) => statement.text),
    places: statements.map(({ location }) => [location?.line, location?.column]),
    skipped: skipped.map(({ reason, count, example }) => ({ reason, count, example: example.replaceAll(folder, '') })),
    statements,
  };
}

async function refusalOf(path: string): Promise<{ message: string; hint: string | null }> {
  const error = await readSqlFiles(path).catch((thrown: unknown) => thrown);
  if (!(error instanceof StewardError)) throw new Error('nothing was refused');
  expect(error.code).toBe('usage');
  return { message: error.message.replaceAll(folder, ''), hint: error.hint?.replaceAll(folder, '') ?? null };
}

describe('readSqlFiles', () => {
  it('takes name, calls and sample parameters from the lines before a statement', async () => {
    const { statements } = await read(`
      -- What the sweep does.
      -- name: stuck commands
      -- calls: 288
      -- params: ["pending", 30]
      -- params: [null, 1]
      select * from c where s = $1 limit $2; -- calls: 7
      select * from c where s = 'x';
    `);
    expect(statements).toMatchObject([
      {
        name: 'stuck commands',
        calls: 288,
        parameterSamples: [
          ['pending', 30],
          [null, 1],
        ],
        text: 'select * from c where s = $1 limit $2',
        totalTimeMs: null,
      },
      { name: null, calls: 1, parameterSamples: [] },
    ]);
  });

  it('places statements right behind a byte order mark, CR LF and characters outside ASCII', async () => {
    const { texts, places } = await read("\uFEFF-- é😀\r\nselect 'é😀' from t;\r\n\r\n  select 2 from t");
    expect(texts).toEqual(["select 'é😀' from t", 'select 2 from t']);
    expect(places).toEqual([
      [2, 1],
      [4, 3],
    ]);
  });

  it('goes on behind a statement that does not parse, and says where it is', async () => {
    const { texts, skipped } = await read(
      'select 1 from t;\nselect a\n  fromm t x y;\nselect (2 from t;\nselect 3 from t;',
    );
    expect(texts).toEqual(['select 1 from t', 'select 3 from t']);
    expect(skipped).toMatchInlineSnapshot(`
      [
        {
          "count": 2,
          "example": "/queries.sql:3:9: syntax error at or near "t": select a
        fromm t x y",
          "reason": "does not parse as SQL",
        },
      ]
    `);
  });

  it('goes on at the next line behind a quote without an end', async () => {
    const { texts, places, skipped } = await read(
      "select 1 from t;\n\nselect 'x from t;\n-- name: y\nselect 3 from t;\n",
    );
    expect(texts).toEqual(['select 1 from t', 'select 3 from t']);
    expect(places[1]).toEqual([5, 1]);
    expect(skipped).toMatchInlineSnapshot(`
      [
        {
          "count": 1,
          "example": "/queries.sql:3:8: unterminated quoted string at or near "'x from t": select 'x from t",
          "reason": "does not parse as SQL",
        },
      ]
    `);
  });

  it('passes psql commands by', async () => {
    const { texts, skipped } = await read('\\set x 1\nselect 1 from t;\n\\echo done\n\\timing\nselect 2 from t;');
    expect(texts).toEqual(['select 1 from t', 'select 2 from t']);
    expect(skipped.map(({ count }) => count)).toEqual([3]);
  });

  it('keeps dollar quotes and BEGIN ATOMIC bodies whole and counts what is no query', async () => {
    const { texts, skipped } = await read(`begin;
      create function f() returns int language sql begin atomic select case when true then 1 end; select 2; end;
      do $$ begin perform 1; end $$;
      select now(); select * from pg_stat_activity; /* pgsteward */ select 1 from t;
      select * from t where a = ';' and b = $q$;$q$;
      commit`);
    expect(texts).toEqual(['select 1 from t', "select * from t where a = ';' and b = $q$;$q$"]);
    expect(skipped.map(({ reason, count }) => `${count} ${reason}`)).toMatchInlineSnapshot(`
      [
        "4 not planned by the server: transaction control, DDL or utility",
        "1 names no table",
        "1 reads system catalogs alone",
      ]
    `);
  });

  it('reads a folder with all below it, in byte order, and the files that a pattern matches', async () => {
    await write('b.sql', 'select 1 from b');
    await write('a/z.sql', 'select 1 from z');
    await write('a/é.sql', 'select 1 from e');
    await write('a/notes.txt', 'no');
    const tables = async (path: string) =>
      (await readSqlFiles(path)).statements.map((statement) => statement.text.slice(-1));
    expect(await tables(folder)).toEqual(['z', 'e', 'b']);
    expect(await tables(join(folder, '*.sql'))).toEqual(['b']);
    expect(await tables(join(folder, '**/*.sql'))).toEqual(['z', 'e', 'b']);
    expect(await tables(join(folder, 'a/?.sql'))).toEqual(['z', 'e']);
  });

  it('says what is wrong with a path', async () => {
    await write('empty/notes.txt', '');
    const latin = await write('latin.sql', Uint8Array.from([0x73, 0xe9]));
    const large = await write('large.sql', Buffer.alloc(10_000_001, ' '));
    const paths = [join(folder, 'none.sql'), join(folder, 'empty'), join(folder, 'x*.sql'), latin, large];
    expect(await Promise.all(paths.map(refusalOf))).toMatchInlineSnapshot(`
      [
        {
          "hint": "name a file, a folder of them or a pattern with --workload sql:PATH",
          "message": "there is no file or folder /none.sql",
        },
        {
          "hint": "name another folder, or a file, with --workload sql:PATH",
          "message": "the folder /empty holds no .sql file",
        },
        {
          "hint": "look at what stands below /; ** matches folders of any depth",
          "message": "no file matches /x*.sql",
        },
        {
          "hint": "convert it: iconv -f LATIN1 -t UTF-8 /latin.sql",
          "message": "the file /latin.sql is not UTF-8",
        },
        {
          "hint": "split it into smaller files; a workload needs each statement once, with -- calls: N before it",
          "message": "the file /large.sql has 10000001 bytes, more than 10000000",
        },
      ]
    `);
  });

  it.each([
    ['-- calls: many\nselect 1 from t'],
    ['-- calls: 0\nselect 1 from t'],
    ['-- params: {"a": 1}\nselect $1 from t'],
    ['-- params: [1, 2]\nselect $1 from t'],
  ])('refuses the line before a statement that it cannot read: %s', async (text) => {
    const refusal = await refusalOf(await write('queries.sql', text));
    expect(refusal.message).toContain('/queries.sql:2:1');
    expect(refusal.hint).not.toBeNull();
  });

  it('cuts examples to 200 characters', async () => {
    const path = await write('queries.sql', `begin; select '${'😀'.repeat(500)}' fromm t x y`);
    const { skipped } = await readSqlFiles(path);
    expect([...(skipped[1]?.example ?? '')]).toHaveLength(200);
  });
});
