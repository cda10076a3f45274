import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import type { z } from 'zod';
import { messageOf, StewardError } from './errors.js';
import { readStructure, splitList } from './settings-fields.js';
import { kebab, type Settings, settingsLeaves, settingsSchema, settingsSections } from './settings-schema.js';
import { SHIPPED_JOBS } from './settings-worker.js';

/** A value given by flag, environment or file, with where it came from. */
interface Given {
  readonly value: unknown;
  readonly origin: string;
}

export interface SettingsSources {
  /** Values by path, as the flags gave them: a list, a string, or true. */
  readonly flags: ReadonlyMap<string, unknown>;
  /** `--config FILE`, or null: `pgsteward.yaml` where it exists. */
  readonly configFile: string | null;
}

/** Merges flags, environment, file and defaults; a StewardError names every bad key at once. */
export function readSettings(sources: SettingsSources): Settings {
  const fromFile = readConfigFile(sources.configFile);
  const given = new Map<string, Given>();
  collect(fromFile.content, [], fromFile.name, given);
  // A section of which every line is a comment.
  for (const section of settingsSections()) if (given.get(section)?.value === null) given.delete(section);
  for (const [path, schema] of settingsLeaves()) {
    for (const name of environmentNames(path)) {
      const read = readEnvironment(name);
      if (read !== null) collect(fromEnvironment(read.value, schema), path.split('.'), read.origin, given);
    }
  }
  collectJobKeys(given);
  for (const [path, value] of sources.flags)
    given.set(path, { value, origin: `--${kebab(path.split('.').at(-1) ?? path)}` });
  const parsed = settingsSchema.safeParse(nest(given));
  if (parsed.success) return parsed.data;
  throw new StewardError(
    'configuration',
    parsed.error.issues.flatMap((issue) => explainIssue(issue, given)).join('\n'),
    {
      hint: 'pgsteward COMMAND --help lists what each key takes',
    },
  );
}

/** Tells whether the environment or the terminal asks for plain output. */
export function environmentForbidsColor(): boolean {
  return (process.env['NO_COLOR'] ?? '') !== '';
}

/** A variable's value, or that of the file which NAME_FILE names: secrets are handed over so. */
function readEnvironment(name: string): { readonly value: string; readonly origin: string } | null {
  const value = process.env[name] ?? '';
  if (value !== '') return { value, origin: name };
  const file = process.env[`${name}_FILE`] ?? '';
  if (file === '') return null;
  try {
    return { value: readFileSync(file, 'utf8').trim(), origin: `${name}_FILE` };
  } catch (error) {
    throw unreadableFile(file, error, `point ${name}_FILE at a file that holds the value`);
  }
}

function fromEnvironment(value: string, schema: z.ZodType): unknown {
  const flag = schema.meta()?.['flag'];
  if (flag === 'structure') return readStructure(value);
  return flag === 'list' ? splitList(value) : value;
}

const JOB_KEY = 'PGSTEWARD_JOBS_';

/** A job's own keys: PGSTEWARD_JOBS_PURGE_REFRESH_TOKENS_SCHEDULE. Names of jobs hold what separates them from keys. */
function collectJobKeys(given: Map<string, Given>): void {
  const named = [...given.keys()].flatMap((path) => (path.startsWith('jobs.') ? [path.split('.')[1] ?? ''] : []));
  const names = [...new Set([...SHIPPED_JOBS, ...named])].sort((left, right) => right.length - left.length);
  for (const [variable, value] of Object.entries(process.env)) {
    if (!variable.startsWith(JOB_KEY) || value === undefined || value === '') continue;
    const rest = variable.slice(JOB_KEY.length);
    const job = names.find((name) => rest.startsWith(`${snake(name)}_`));
    if (job === undefined)
      throw new StewardError('configuration', `${variable} names no job that is shipped or configured`, {
        hint: `the names are ${names.map(snake).sort().join(', ')}, each followed by _ and a key`,
      });
    const key = rest.slice(job.length + 1).toLowerCase();
    collect(
      readStructure(value),
      ['jobs', job, key.replaceAll(/_(.)/g, (_, letter) => letter.toUpperCase())],
      variable,
      given,
    );
  }
}

function snake(name: string): string {
  return kebab(name).replaceAll('-', '_').toUpperCase();
}

function readConfigFile(file: string | null): { readonly name: string; readonly content: unknown } {
  const name = file ?? 'pgsteward.yaml';
  let content: string;
  try {
    content = readFileSync(name, 'utf8');
  } catch (error) {
    if (file === null && isAbsence(error)) return { name, content: {} };
    throw unreadableFile(name, error, 'pass the path of a YAML file with --config');
  }
  try {
    return { name, content: parseYaml(content) ?? {} };
  } catch (error) {
    throw new StewardError('configuration', `${name} is not YAML: ${messageOf(error)}`, {
      hint: `mend ${name} at that line`,
      cause: error,
    });
  }
}

function isAbsence(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function unreadableFile(name: string, error: unknown, hint: string): StewardError {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  const known = { ENOENT: 'there is no such file', EISDIR: 'it is a folder', EACCES: 'you may not read it' };
  const reason = known[code as keyof typeof known] ?? messageOf(error);
  return new StewardError('configuration', `the file ${name} cannot be read: ${reason}`, { hint, cause: error });
}

function collect(value: unknown, path: readonly string[], origin: string, given: Map<string, Given>): void {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const [key, inner] of Object.entries(value)) collect(inner, [...path, key], origin, given);
  } else if (path.length > 0) given.set(path.join('.'), { value, origin });
  else
    throw new StewardError('configuration', `${origin} holds ${JSON.stringify(value)} where keys are expected`, {
      hint: 'write it as key: value lines',
    });
}

/** `DATABASE_URL` stands beside `PGSTEWARD_DATABASE_URL`, which wins. */
function environmentNames(path: string): readonly string[] {
  const name = `PGSTEWARD_${path.split('.').map(snake).join('_')}`;
  return path === 'databaseUrl' ? ['DATABASE_URL', name] : [name];
}

function nest(given: ReadonlyMap<string, Given>): unknown {
  const root: Record<string, unknown> = {};
  for (const [path, { value }] of given) {
    const parts = path.split('.');
    let place = root;
    for (const part of parts.slice(0, -1)) {
      const inner = place[part];
      const next: Record<string, unknown> =
        typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {};
      place[part] = next;
      place = next;
    }
    place[parts.at(-1) ?? path] = value;
  }
  return root;
}

function explainIssue(issue: z.core.$ZodIssue, given: ReadonlyMap<string, Given>): readonly string[] {
  const path = issue.path.map(String).join('.');
  if (issue.code === 'unrecognized_keys') {
    return issue.keys.map((key) => {
      const whole = path === '' ? key : `${path}.${key}`;
      const origin =
        [...given].find(([name]) => name === whole || name.startsWith(`${whole}.`))?.[1].origin ?? 'the configuration';
      return `${whole} in ${origin} is no key of pgsteward`;
    });
  }
  // An issue with one entry of a list stands at the list's key and a number.
  const [key, known] = [...given].find(([name]) => path === name || path.startsWith(`${name}.`)) ?? [path, undefined];
  return [`${known?.origin ?? key}: ${key} is ${JSON.stringify(known?.value)}; ${allowed(issue, key)}`];
}

function allowed(issue: z.core.$ZodIssue, key: string): string {
  if (issue.code === 'invalid_value') return `allowed: ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'invalid_format') return `expected ${issue.message}`;
  if (issue.code === 'invalid_union' || issue.code === 'invalid_type') return `expected ${expectation(key)}`;
  return issue.message;
}

/** Says in words what a key takes. */
function expectation(key: string): string {
  const meta = settingsLeaves()
    .find(([path]) => path === key)?.[1]
    .meta();
  if (meta?.['flag'] === 'bare') return 'true or false';
  if (meta?.['flag'] === 'list') return 'a text or a list of texts';
  return EXPECTATIONS[String(meta?.['placeholder'])] ?? (meta === undefined ? 'keys with values' : 'a text');
}

const EXPECTATIONS: Readonly<Record<string, string>> = {
  DURATION: 'a duration such as 500ms, 5s or 2min',
  BYTES: 'a size such as 512MB, or a number of bytes',
  N: 'a whole number',
};
