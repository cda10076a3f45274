import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { expectRefusal, place, runProgram } from '../program.js';

vi.setConfig({ testTimeout: 120_000 });

const NOWHERE = 'postgres://app:secret@127.0.0.1:1/shop';
let folder: string;
let file: string;

beforeAll(() => {
  folder = place();
  file = join(folder, 'a-file');
  writeFileSync(file, '');
  mkdirSync(join(folder, 'empty'));
});

async function refusal(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  return expectRefusal(await runProgram(args, { env }), 2).replace(/\/tmp\/pgsteward-test-\w+/g, '…');
}

describe.concurrent('the program refuses', () => {
  it('a command that there is not', async ({ expect }) => {
    expect(await refusal(['adivse'])).toMatchInlineSnapshot(`
      "pgsteward: pgsteward has no command "adivse"
        the commands are demo, advise, bench, bench compare, bench export, migrate status, migrate up, migrate down, migrate lint, migrate verify, migrate drift, migrate baseline, migrate repair, migrate new, worker, jobs list, jobs run, events ingest, audit verify, snapshot, tap, rules; see pgsteward --help
      "
    `);
  });

  it('flags and arguments that there are not, all at once and without their passwords', async ({ expect }) => {
    expect(await refusal(['advise', '--frobnicate', NOWHERE])).toMatchInlineSnapshot(`
      "pgsteward: --frobnicate is no flag of pgsteward advise
      pgsteward advise takes no argument "postgres://app:***@127.0.0.1:1/shop"
        see pgsteward advise --help
      "
    `);
  });

  it('every bad value at once, wherever it came from', async ({ expect }) => {
    const config = join(place(), 'bad.yaml');
    writeFileSync(config, 'advise: { planner: crystal, colour: red }\ndatabaseUrl: [postgres://app:secret@h/shop]\n');
    const args = ['advise', '--config', config, '--max-index-columns', '0', '--statement-timeout', '0s'];
    expect(await refusal(args, { PGSTEWARD_ADVISE_FAIL_ON: 'always' })).toMatchInlineSnapshot(`
      "pgsteward: …/bad.yaml: databaseUrl is ["postgres://app:***@h/shop"]; expected a text
      …/bad.yaml: advise.planner is "crystal"; allowed: twin, hypopg, target
      --statement-timeout: advise.statementTimeout is "0s"; expected a duration from 1ms to 24h
      --max-index-columns: advise.maxIndexColumns is "0"; expected a whole number, 1 to 32
      PGSTEWARD_ADVISE_FAIL_ON: advise.failOn is "always"; allowed: info, warn, error, never
      advise.colour in …/bad.yaml is no key of pgsteward
        pgsteward COMMAND --help lists what each key takes
      "
    `);
  });

  it('to start without a database', async ({ expect }) => {
    expect(await refusal(['advise'])).toMatchInlineSnapshot(`
      "pgsteward: no database is named
        pass --database-url postgres://user:password@host:5432/database or set DATABASE_URL
      "
    `);
  });

  it('to put the ledger right without a version or without a reason', async ({ expect }) => {
    expect(await refusal(['migrate', 'repair', '--reason', 'squashed'])).toContain(
      'needs one version, and 0 are given',
    );
    expect(await refusal(['migrate', 'repair', '0001'])).toMatchInlineSnapshot(`
      "pgsteward: migrate repair needs a reason for the history
        pgsteward migrate repair VERSION --reason TEXT; pgsteward migrate status shows which versions need it
      "
    `);
  });

  it('a database URL that is none', async ({ expect }) => {
    expect(await refusal(['advise'], { DATABASE_URL: 'app:secret@h/shop' })).toMatchInlineSnapshot(`
      "pgsteward: the database URL is not a URL that PostgreSQL clients understand
        write it as postgres://user:password@host:5432/database; a password with :, /, @ or ? needs %-encoding
      "
    `);
  });

  it('a workload that it cannot read, before it connects', async ({ expect }) => {
    expect(await refusal(['advise', '--database-url', NOWHERE, '--workload', 'oracle:x'])).toMatchInlineSnapshot(`
      "pgsteward: "oracle:x" is no workload that can be read
        pass --workload pgss, sql:PATH with .sql files, log:PATH with a server’s log, or trace:PATH with a recording or a trace
      "
    `);
  });

  it('a rule that there is not', async ({ expect }) => {
    expect(
      await refusal(['advise', '--database-url', NOWHERE, '--rules', 'missing-index,missing-car']),
    ).toMatchInlineSnapshot(`
      "pgsteward: there is no rule "missing-car"
        pgsteward rules lists them all
      "
    `);
  });

  it('to write where nothing can be written, before it connects', async ({ expect }) => {
    const advise = ['advise', '--database-url', NOWHERE];
    const refusals = await Promise.all([
      refusal([...advise, '--write-migrations', file]),
      refusal([...advise, '--write-migrations', '/proc/pgsteward']),
      refusal([...advise, '--output', folder]),
      refusal([...advise, '--output', join(folder, 'none', 'report')]),
      refusal(['demo', '--output', join(file, 'below')]),
    ]);
    expect(refusals.join('')).toMatchInlineSnapshot(`
      "pgsteward: …/a-file cannot be written: what is there is a file, not a folder
        name another folder with --write-migrations
      pgsteward: /proc/pgsteward cannot be written: its folder is not there or takes no files
        name another folder with --write-migrations
      pgsteward: … is a folder
        name another file with --output
      pgsteward: …/none/report cannot be written: its folder is not there or takes no files
        name another file with --output
      pgsteward: …/a-file/below cannot be written: what is there is a file, not a folder
        name another folder with --output
      "
    `);
    expect(readdirSync(folder).sort()).toEqual(['a-file', 'empty']);
  });

  it('to build indexes nowhere', async ({ expect }) => {
    expect(await refusal(['advise', '--database-url', NOWHERE, '--verify', 'execute'])).toMatchInlineSnapshot(`
      "pgsteward: --verify execute has no database to build on
        pass --scratch-url with a copy of the database that may be written to; what is built there is rolled back
      "
    `);
  });

  it('a folder of migrations that is none', async ({ expect }) => {
    const status = ['migrate', 'status', '--database-url', NOWHERE, '--dir'];
    const refusals = await Promise.all([join(folder, 'empty'), file].map((dir) => refusal([...status, dir])));
    expect(refusals.join('')).toMatchInlineSnapshot(`
      "pgsteward: …/empty holds no migration: no .sql file at all
        name migrations <version>_<name>.up.sql and <version>_<name>.down.sql, such as 0001_add_users.up.sql
      pgsteward: …/a-file is a file, not a folder of migrations
        pass the folder that holds it with --dir
      "
    `);
  });

  it('a configuration file that is not there', async ({ expect }) => {
    expect(await refusal(['advise', '--config', join(folder, 'none.yaml')])).toMatchInlineSnapshot(`
      "pgsteward: the file …/none.yaml cannot be read: there is no such file
        pass the path of a YAML file with --config
      "
    `);
  });
});

it('a server that does not answer is named; a stack is printed where it is asked for, without the password', async () => {
  const args = ['advise', '--log-level', 'debug', '--database-url', NOWHERE];
  const { status, stderr } = await runProgram(args);
  expect({ status, hasStack: /^\s+at .*connect-error/m.test(stderr) }).toEqual({ status: 3, hasStack: true });
  expect(stderr).toMatch(/^pgsteward: no PostgreSQL answers at 127.0.0.1:1\/shop: connection refused\n {2}check host/);
  expect(stderr).not.toContain('secret');
});

it('help and version are the result, on stdout', async () => {
  const [help, version] = await Promise.all([runProgram(['advise', '--help']), runProgram(['--version'])]);
  expect(help).toMatchObject({ status: 0, stderr: '', stdout: expect.stringContaining('--scratch-url URL') });
  expect(version).toMatchObject({ status: 0, stderr: '', stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) });
});
