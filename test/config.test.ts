import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { readSettings } from '../src/config.js';
import { StewardError } from '../src/errors.js';

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pgsteward-config-'));
  vi.stubEnv('DATABASE_URL', '');
});

afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

function configFile(text: string): string {
  const file = join(folder, 'settings.yaml');
  writeFileSync(file, text);
  return file;
}

function read(flags: Readonly<Record<string, unknown>> = {}, file: string | null = configFile('')) {
  return readSettings({ flags: new Map(Object.entries(flags)), configFile: file });
}

function complaintOf(work: () => unknown): string {
  try {
    work();
  } catch (error) {
    if (error instanceof StewardError) return error.message;
    throw error;
  }
  throw new Error('nothing was refused');
}

describe('settings', () => {
  it('come from flags before the environment, the environment before the file, the file before defaults', () => {
    const file = configFile(
      'databaseUrl: postgres://file\nadvise: { planner: hypopg, statementTimeout: 2s }\nlogLevel: info\n',
    );
    vi.stubEnv('PGSTEWARD_ADVISE_PLANNER', 'target');
    vi.stubEnv('DATABASE_URL', 'postgres://environment');
    const settings = read({ databaseUrl: 'postgres://flag' }, file);
    expect(settings).toMatchObject({ databaseUrl: 'postgres://flag', logLevel: 'info', quiet: false });
    expect(settings.advise).toMatchObject({ planner: 'target', statementTimeout: 2000, failOn: 'never' });
  });

  it('lets PGSTEWARD_DATABASE_URL win over DATABASE_URL', () => {
    vi.stubEnv('DATABASE_URL', 'postgres://common');
    vi.stubEnv('PGSTEWARD_DATABASE_URL', 'postgres://own');
    expect(read().databaseUrl).toBe('postgres://own');
  });

  it('read durations, sizes, lists and switches as people write them', () => {
    const settings = read({
      'advise.statementTimeout': '2min',
      'advise.maxIndexBytes': '1.5 GB',
      'advise.workload': ['pgss', 'sql:a.sql'],
    });
    vi.stubEnv('PGSTEWARD_QUIET', 'true');
    vi.stubEnv('PGSTEWARD_ADVISE_IGNORE', 'missing-index:a, missing-index:b');
    expect(settings.advise).toMatchObject({
      statementTimeout: 120_000,
      maxIndexBytes: 1.5e9,
      workload: ['pgss', 'sql:a.sql'],
    });
    expect(read()).toMatchObject({ quiet: true, advise: { ignore: ['missing-index:a', 'missing-index:b'] } });
  });

  it('name every bad key at once, each with its value, where it came from and what is allowed', () => {
    const file = configFile('advise: { planner: crystal, plannr: twin }\nlogLevel: loud\nfoo: 1\n');
    vi.stubEnv('PGSTEWARD_ADVISE_STATEMENT_TIMEOUT', 'soon');
    const lines = complaintOf(() => read({ 'advise.failOn': 'always' }, file)).split('\n');
    expect(lines.map((line) => line.replace(folder, '…')).sort()).toMatchInlineSnapshot(`
      [
        "--fail-on: advise.failOn is "always"; allowed: info, warn, error, never",
        "PGSTEWARD_ADVISE_STATEMENT_TIMEOUT: advise.statementTimeout is "soon"; expected a duration such as 500ms, 5s or 2min",
        "advise.plannr in …/settings.yaml is no key of pgsteward",
        "foo in …/settings.yaml is no key of pgsteward",
        "…/settings.yaml: advise.planner is "crystal"; allowed: twin, hypopg, target",
        "…/settings.yaml: logLevel is "loud"; allowed: silent, error, warn, info, debug, trace",
      ]
    `);
  });

  it('say what a key takes whose value is of the wrong type, and refuse limits that limit nothing', () => {
    const file = configFile('advise: { rules: [1], statementTimeout: 5, maxIndexBytes: -1 }\nquiet: maybe\nbench: 3\n');
    const lines = complaintOf(() => read({ 'advise.maxIndexColumns': '1.5', 'migrate.steps': 'x' }, file)).split('\n');
    expect(lines.map((line) => line.replace(folder, '…')).sort()).toMatchInlineSnapshot(`
      [
        "--max-index-columns: advise.maxIndexColumns is "1.5"; expected a whole number, 1 to 32",
        "--steps: migrate.steps is "x"; expected a whole number, 1 or more",
        "…/settings.yaml: advise.maxIndexBytes is -1; expected a size above 0",
        "…/settings.yaml: advise.rules is [1]; expected a text or a list of texts",
        "…/settings.yaml: advise.statementTimeout is 5; expected a duration such as 500ms, 5s or 2min",
        "…/settings.yaml: bench is 3; expected keys with values",
        "…/settings.yaml: quiet is "maybe"; expected true or false",
      ]
    `);
    for (const duration of ['0s', '0.1ms', '25h'])
      expect(complaintOf(() => read({ 'advise.statementTimeout': duration }))).toContain('a duration from 1ms to 24h');
  });

  it('pass over a section of which every line is a comment', () => {
    expect(read({}, configFile('advise:\n  # planner: target\nbench:\n')).advise.planner).toBe('twin');
  });

  it('keep the commas within the parentheses of a key, and split those between rules', () => {
    vi.stubEnv('PGSTEWARD_ADVISE_IGNORE', 'missing-index:public.t(a,lower(b)), missing-index:public.u(c)');
    const { ignore, rules } = read({ 'advise.rules': ['missing-index,unused-index', 'invalid-index'] }).advise;
    expect(ignore).toEqual(['missing-index:public.t(a,lower(b))', 'missing-index:public.u(c)']);
    expect(rules).toEqual(['missing-index', 'unused-index', 'invalid-index']);
  });

  it('refuse a file that is not there, is no YAML, or is no mapping', () => {
    expect(complaintOf(() => read({}, join(folder, 'none.yaml')))).toContain('none.yaml cannot be read');
    expect(complaintOf(() => read({}, configFile('a: [1')))).toContain('is not YAML');
    expect(complaintOf(() => read({}, configFile('just words')))).toContain('"just words"');
  });
});
