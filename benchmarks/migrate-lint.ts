/**
 * How long the linter takes: the median of a file in a chain of small ones after the server is up, and one file of
 * thousands of statements, alone and behind a chain whose tables it partly names. Exit status 1 above a bar.
 * Usage: tsx benchmarks/migrate-lint.ts [--statements 5000] [--files 60]
 */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { startServer } from '../src/embedded/server.js';
import { readLintSet } from '../src/migrate/lint/lint-file.js';
import { replay } from '../src/migrate/lint/replay.js';
import { openReplaySessions } from '../src/migrate/lint/sessions.js';
import { silentProgress } from '../src/model/progress.js';
import { median } from './timeouts/commands.js';

const FILE_MS_MOST = 150;
const STATEMENTS_MS_MOST = 60_000;

const { values } = parseArgs({
  options: { statements: { type: 'string', default: '5000' }, files: { type: 'string', default: '60' } },
});
const dir = await mkdtemp(join(tmpdir(), 'migrate-lint-'));
const server = await startServer();
let databases = 0;
try {
  const chain = chainOf(Number(values.files));
  const small = await filesMs(chain);
  const middle = median(small);
  console.log(
    `files      ${small.length} small ones: ${Math.round(middle)} ms in the median (at most ${FILE_MS_MOST})`,
  );
  const alone = await filesMs({ '0001_all.up.sql': statements(Number(values.statements), '') });
  console.log(
    `statements ${values.statements} in one file: ${Math.round(alone.at(-1) ?? 0)} ms (at most ${STATEMENTS_MS_MOST})`,
  );
  const behind = await filesMs({ ...chain, '9999_all.up.sql': statements(Number(values.statements), 'old') });
  console.log(`           behind the chain: ${Math.round(behind.at(-1) ?? 0)} ms (at most ${STATEMENTS_MS_MOST})`);
  const slowest = Math.max(alone.at(-1) ?? 0, behind.at(-1) ?? 0);
  process.exitCode = middle <= FILE_MS_MOST && slowest <= STATEMENTS_MS_MOST ? 0 : 1;
} finally {
  await server.stop();
  await rm(dir, { recursive: true });
}

function chainOf(count: number): Readonly<Record<string, string>> {
  const files = Array.from({ length: count }, (_, place) => [
    `${String(place + 1).padStart(4, '0')}_step.up.sql`,
    `CREATE TABLE old${place} (id bigint PRIMARY KEY, name text NOT NULL, at timestamptz DEFAULT now(), state text CHECK (state IN ('a', 'b')));
     CREATE INDEX old${place}_at ON old${place} (at);
     ${place === 0 ? '' : `ALTER TABLE old${place - 1} ADD COLUMN extra text;`}`,
  ]);
  return Object.fromEntries(files);
}

function statements(count: number, old: string): string {
  const lines = Array.from({ length: Math.ceil(count / 5) }, (_, place) => {
    const table = `n${place}`;
    const last =
      old === '' ? `COMMENT ON TABLE ${table} IS 'x'` : `ALTER TABLE ${old}${place % 50} ADD COLUMN c${place} int`;
    return `CREATE TABLE ${table} (id bigint PRIMARY KEY, a text, b int);\nCREATE INDEX ON ${table} (a);\nALTER TABLE ${table} ADD CHECK (b > 0);\nINSERT INTO ${table} VALUES (1, 'a', 1);\n${last};`;
  });
  return lines.join('\n');
}

async function filesMs(files: Readonly<Record<string, string>>): Promise<readonly number[]> {
  databases += 1;
  await server.createDatabase(`lint_${databases}`);
  const folder = await mkdtemp(join(dir, 'set-'));
  for (const [name, sql] of Object.entries(files)) await writeFile(join(folder, name), sql);
  const sessions = await openReplaySessions(server.url(`lint_${databases}`));
  const set = await readLintSet([folder]);
  const options = { progress: silentProgress, signal: new AbortController().signal, twice: true };
  const replayed = await replay(sessions, set.files, options);
  await sessions.main.close();
  await sessions.watch.close();
  return replayed.files.map(({ durationMs }) => durationMs);
}
