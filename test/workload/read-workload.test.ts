import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { StewardError } from '../../src/errors.js';
import { readWorkload } from '../../src/workload/read-workload.js';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pgsteward-workload-'));
});

afterAll(() => rm(folder, { recursive: true }));

async function file(name: string, text: string): Promise<string> {
  await writeFile(join(folder, name), text);
  return `sql:${join(folder, name)}`;
}

async function refusalOf(specs: readonly string[]): Promise<string> {
  const error = await readWorkload(specs, { session: null }).catch((thrown: unknown) => thrown);
  if (!(error instanceof StewardError)) throw new Error('nothing was refused');
  expect(error.code).toBe('usage');
  return `${error.message.replaceAll(folder, '')}\n${error.hint}`;
}

describe('readWorkload', () => {
  it('makes statements with one fingerprint one, across files', async () => {
    const first = await file('a.sql', '-- calls: 3\nselect * from t where a = $1;');
    const second = await file(
      'b.sql',
      '-- name: by a\n-- calls: 4\n-- params: [5]\nselect *  from t where a = $1; select 1 from u',
    );
    const { sources, statements } = await readWorkload([first, second], { session: null });
    expect(sources).toEqual([first, second]);
    expect(statements.map(({ name, calls, parameterSamples }) => ({ name, calls, parameterSamples }))).toEqual([
      { name: 'by a', calls: 7, parameterSamples: [[5]] },
      { name: null, calls: 1, parameterSamples: [] },
    ]);
  });

  it('does not give the samples of one text to another whose parameters stand in another order', async () => {
    const first = await file('a.sql', '-- params: [1, 2]\nselect * from t where a = $1 and b = $2');
    const second = await file('b.sql', '-- params: [2, 1]\nselect * from t where a = $2 and b = $1');
    const { statements } = await readWorkload([first, second], { session: null });
    expect(statements.map(({ parameterSamples }) => parameterSamples)).toEqual([[[1, 2]]]);
  });

  it('says of a log without statements what to do about it', async () => {
    const log = async (text: string) => (await file('server.log', text)).replace('sql:', 'log:');
    const refusals = [
      await refusalOf([await log('')]),
      await refusalOf([await log('10.0.0.1 - - "GET / HTTP/1.1" 200\n')]),
      await refusalOf([await log('2026-06-01 00:00:01 UTC [7] LOG:  Dauer: 1.000 ms  Anweisung: SELECT a FROM t\n')]),
      await refusalOf([await log('2026-06-01 00:00:01 UTC [7] LOG:  checkpoint starting: time\n')]),
    ];
    expect(refusals.join('\n\n')).toMatchInlineSnapshot(`
      "the workload log:/server.log holds no statement at all
      let the server log each statement for a few minutes, ALTER ROLE app SET log_min_duration_statement = 0, and try again

      the workload log:/server.log holds no statement of the application, only 1 × a line of the log that is no message
      name the log of a PostgreSQL server, as jsonlog, csvlog or stderr writes it, with --workload log:PATH

      the workload log:/server.log holds no statement of the application, only 1 × a message in another language than English: SET lc_messages = 'C'
      let the server log in English, ALTER SYSTEM SET lc_messages = 'C', and try again

      the workload log:/server.log holds no statement at all
      let the server log each statement for a few minutes, ALTER ROLE app SET log_min_duration_statement = 0, and try again"
    `);
  });

  it('refuses what it cannot read with the next thing to do', async () => {
    const refusals = [
      await refusalOf(['oracle:x']),
      await refusalOf(['sql:']),
      await refusalOf(['pgss']),
      await refusalOf([await file('empty.sql', '-- nothing\n')]),
      await refusalOf([await file('utility.sql', 'begin; commit; select 1')]),
    ];
    expect(refusals.join('\n\n')).toMatchInlineSnapshot(`
      ""oracle:x" is no workload that can be read
      pass --workload pgss, sql:PATH with .sql files, log:PATH with a server’s log, or trace:PATH with a recording or a trace

      the workload "sql:" names no path
      pass --workload sql:PATH with a file, a folder of them or a pattern

      the workload "pgss" needs a database to read pg_stat_statements from
      pass --database-url URL, or read statements from files with --workload sql:PATH

      the workload sql:/empty.sql holds no statement at all
      let the application run for a while and try again, or pass its statements with --workload sql:PATH

      the workload sql:/utility.sql holds no statement of the application, only 2 × not planned by the server: transaction control, DDL or utility; 1 × names no table
      let the application run for a while and try again, or pass its statements with --workload sql:PATH"
    `);
  });
});
