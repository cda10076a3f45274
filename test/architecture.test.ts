import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { describe, expect, it } from 'vitest';

const SRC = new URL('../src', import.meta.url).pathname;

/** Which rooms each room may know. A room that stands here with no entry of its own is a mistake. */
const MAY_KNOW: Readonly<Record<string, readonly string[]>> = {
  cli: ['commands', 'embedded', 'model'],
  commands: [
    ...[
      'demo',
      'advise',
      'advisors',
      'bench',
      'migrate',
      'report',
      'fleet',
      'worker',
      'jobs',
      'audit',
      'planner',
      'proof',
      'snapshot',
      'tap',
      'workload',
      'embedded',
    ],
    ...['postgres', 'sql', 'model'],
  ],
  worker: ['jobs', 'audit', 'migrate', 'report', 'postgres', 'sql', 'model'],
  jobs: ['audit', 'advise', 'migrate', 'postgres', 'sql', 'model'],
  audit: ['postgres', 'sql', 'model'],
  testing: ['advise', 'tap', 'report', 'postgres', 'model'],
  demo: ['advise', 'bench', 'migrate', 'fleet', 'report', 'embedded', 'postgres', 'sql', 'model'],
  advise: ['workload', 'snapshot', 'advisors', 'planner', 'proof', 'migrate', 'postgres', 'sql', 'model'],
  advisors: ['sql', 'model'],
  proof: ['embedded', 'postgres', 'sql', 'model'],
  planner: ['embedded', 'postgres', 'sql', 'model'],
  snapshot: ['workload', 'postgres', 'sql', 'model'],
  workload: ['postgres', 'sql', 'model'],
  tap: ['sql', 'model'],
  bench: ['migrate', 'embedded', 'postgres', 'sql', 'model'],
  migrate: ['embedded', 'postgres', 'sql', 'model'],
  fleet: ['migrate', 'postgres', 'sql', 'model'],
  report: ['model'],
  embedded: ['postgres', 'model'],
  postgres: ['sql', 'model'],
  sql: ['model'],
  model: [],
};

/** Files at the top of src that every room may know. */
const FOR_ALL = ['errors', 'folders', 'log', 'random', 'tool-version'];
const TOP_LEVEL: Readonly<Record<string, readonly string[]>> = {
  cli: ['commands', 'model', 'config', 'settings-schema', 'errors', 'log', 'progress'],
  commands: ['config', 'settings-schema', 'errors', 'log', 'progress'],
  config: ['settings-schema', 'settings-fields', 'settings-worker', 'errors'],
  'settings-schema': ['settings-fields', 'settings-bench', 'settings-tap', 'settings-worker'],
  'settings-bench': ['settings-fields'],
  'settings-tap': ['settings-fields'],
  'settings-worker': ['settings-fields'],
  'settings-fields': [],
  progress: ['model'],
  log: [],
  errors: [],
};

const ONLY_IN: Readonly<Record<string, RegExp>> = {
  pg: /^postgres\//,
  'pg-query-stream': /^postgres\//,
  pino: /^log\.ts$/,
  zod: /^(config\.ts|settings-[a-z]+\.ts|jobs\/|workload\/|snapshot\/|bench\/|migrate\/)/,
  'node-cron': /^worker\/schedule\.ts$/,
  autocannon: /^bench\//,
  'libpg-query': /^sql\//,
  'pgsql-deparser': /^sql\//,
};

const FORBIDDEN_FOLDERS = ['util', 'utils', 'common', 'helpers', 'shared'];
const FORBIDDEN_FILES = ['main.ts', 'manager.ts', 'types.ts', 'utils.ts', 'helpers.ts'];

interface Import {
  readonly file: string;
  readonly target: string;
}

const files = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
const imports = files.flatMap(importsOf);

describe('the house', () => {
  it('lets arrows between rooms point only to the right', () => {
    const wrong = imports.filter(
      ({ file, target }) => target.startsWith('.') && !allowed(file, resolveImport(file, target)),
    );
    expect(wrong).toEqual([]);
  });

  it('keeps each package behind its one door', () => {
    const wrong = imports.filter(({ file, target }) => {
      const door = ONLY_IN[target];
      return door !== undefined && !door.test(file);
    });
    expect(wrong).toEqual([]);
  });

  it('reads the environment in config.ts alone and exits in cli.ts alone', () => {
    const text = (file: string) => readFileSync(join(SRC, file), 'utf8');
    const inherits = /env: (\{ \.\.\.)?process\.env/g;
    expect(
      files.filter((file) => file !== 'config.ts' && /process\.env\b/.test(text(file).replace(inherits, ''))),
    ).toEqual([]);
    expect(files.filter((file) => file !== 'cli.ts' && /process\.exit\(/.test(text(file)))).toEqual([]);
  });

  it('has no folder and no file whose name says nothing', () => {
    const parts = files.flatMap((file) => dirname(file).split('/'));
    expect(parts.filter((part) => FORBIDDEN_FOLDERS.includes(part))).toEqual([]);
    expect(files.filter((file) => FORBIDDEN_FILES.includes(file.split('/').at(-1) ?? ''))).toEqual([]);
  });
});

function importsOf(file: string): Import[] {
  const text = readFileSync(join(SRC, file), 'utf8');
  const found = text.matchAll(/^(?:import|export)\b[^;'"]*?from\s+'([^']+)'|import\('([^']+)'\)/gm);
  return [...found].map((match) => ({ file, target: match[1] ?? match[2] ?? '' }));
}

function resolveImport(file: string, target: string): string {
  return relative('.', normalize(join(dirname(file), target)));
}

function roomOf(path: string): string {
  return (path.split('/')[0] ?? '').replace(/\.(js|ts)$/, '');
}

function allowed(file: string, target: string): boolean {
  const from = roomOf(file);
  const to = roomOf(target);
  if (from === to) return true;
  if (!target.includes('/')) return FOR_ALL.includes(to) || (TOP_LEVEL[from] ?? []).includes(to);
  return (MAY_KNOW[from] ?? TOP_LEVEL[from] ?? []).includes(to);
}
