import { z } from 'zod';
import { benchCompareSettings, benchExportSettings, benchSettings } from './settings-bench.js';
import {
  bare,
  bytes,
  choice,
  count,
  duration,
  durationIfGiven,
  type FlagKind,
  identifiers,
  list,
  output,
  structure,
  text,
  wholeNumber,
} from './settings-fields.js';
import { tapSettings } from './settings-tap.js';
import { httpSettings, jobRunSettings, jobsSetting, targetsSetting, workerSettings } from './settings-worker.js';

const adviseSettings = z
  .strictObject({
    snapshot: text('plan without a database, on this file that pgsteward snapshot has written', 'FILE'),
    workload: list('where the statements come from: pgss, sql:PATH, log:PATH or trace:PATH (repeatable)', 'SPEC', [
      'pgss',
    ]),
    follow: bare('keep reading growing logs, and tell of each loop as it becomes certain, until Ctrl-C'),
    watch: durationIfGiven('compare pg_stat_statements over windows for so long, to find loops without a log'),
    planner: choice(['twin', 'hypopg', 'target'], 'twin', 'what plans the statements under hypothetical indexes'),
    verify: choice(
      ['none', 'plan', 'execute'],
      'plan',
      'how far a fix is tried before it is shown; execute builds and measures it on --scratch-url',
    ),
    scratchUrl: text(
      'a copy of the database, with its rows, on which fixes and what the twin cannot plan are built and rolled back',
      'URL',
    ),
    replicaUrl: list('a streaming replica whose scans of indexes are counted too (repeatable)', 'URL'),
    statementTimeout: duration('limit for each statement on the database', '5s'),
    maxIndexBytes: bytes('limit for the size of all suggested indexes together'),
    maxIndexColumns: wholeNumber(1, 32)
      .default(4)
      .meta({ description: 'most key columns of a suggested index', flag: 'value', placeholder: 'N' }),
    rules: identifiers('run only these rules', 'ID,ID'),
    ignore: list('leave out findings with this key (repeatable)', 'KEY'),
    migrationsDir: text('the migrations that the database is built from: they are linted too', 'DIR'),
    writeMigrations: text('write a migration for every fix into this folder', 'DIR'),
    failOn: choice(['info', 'warn', 'error', 'never'], 'never', 'exit with 1 when a finding is at least this severe'),
    format: z
      .enum(['text', 'json', 'markdown', 'html', 'sarif'])
      .default('text')
      .meta({ description: 'form of the report', flag: 'value', placeholder: 'text|json|markdown|html|sarif' }),
    output: output(),
  })
  .prefault({});

const migrateSettings = z
  .strictObject({
    dir: list('folder of migrations (repeatable)', 'DIR'),
    to: text('version to stop at; it stays applied', 'VERSION'),
    steps: count('how many migrations to take back'),
    dryRun: bare('print the plan, try it on a private server, and change nothing'),
    allowOutOfOrder: bare('apply a version below the newest applied one'),
    besideLedger: list('a ledger of another program in this database, which is not looked at (repeatable)', 'TABLE'),
    fromLedger: text('the ledger of another runner: auto, golang-migrate, flyway or a table', 'LEDGER'),
    reason: text('why the ledger is put right, for its history', 'TEXT'),
    exitCode: bare('exit with 1 while the gate is closed'),
    drift: bare('also close the gate where the schema is not what the migrations make'),
    major: wholeNumber(15, 18)
      .default(18)
      .meta({ description: 'major of the private PostgreSQL to replay on', flag: 'value', placeholder: 'N' }),
    snapshot: text('scale findings to the tables of this file that pgsteward snapshot has written', 'FILE'),
    failOn: choice(['info', 'warn', 'error', 'never'], 'error', 'exit with 1 when a finding is at least this severe'),
    allowDrift: structure(
      z.array(z.unknown()),
      [],
      'drift that is allowed for a time: object, attribute, until and reason of each',
    ),
    format: choice(
      ['text', 'json', 'markdown', 'sarif'],
      'text',
      'form of the result; markdown and sarif for findings alone',
    ),
    output: output(),
  })
  .prefault({});

const snapshotSettings = z
  .strictObject({
    redact: bare('replace every value in the statistics by a stand-in that keeps its order'),
    workload: choice(['pgss', 'none'], 'pgss', 'whether the statements of pg_stat_statements are kept too'),
    statementTimeout: duration('limit for each statement on the database', '5s'),
    output: text('the file to write', 'FILE'),
  })
  .prefault({});

const demoSettings = z
  .strictObject({
    output: z
      .string()
      .min(1)
      .default('pgsteward-demo')
      .meta({ description: 'folder for what the demo writes', flag: 'value', placeholder: 'DIR' }),
    scale: choice(['small', 'full'], 'small', 'size of the fleet database'),
    keep: bare('leave the database running until Ctrl-C'),
  })
  .prefault({});

/** Every key there is, described once: flags, environment, file and help come from here. */
export const settingsSchema = z.strictObject({
  databaseUrl: text('the database, as postgres://user:password@host:5432/database', 'URL'),
  logLevel: choice(['silent', 'error', 'warn', 'info', 'debug', 'trace'], 'warn', 'how much is logged on stderr'),
  quiet: bare('no progress on stderr'),
  migrations: z
    .strictObject({
      dirs: list('folders of the application’s migrations', 'DIR,DIR'),
      gate: choice(['require', 'warn', 'off'], 'require', 'what a database that lags behind its migrations means'),
      drift: bare('the gate also compares the schema with what the migrations make'),
    })
    .prefault({}),
  schema: z
    .string()
    .min(1)
    .default('steward')
    .meta({ description: 'schema of pgsteward’s own tables', flag: 'value', placeholder: 'NAME' }),
  worker: workerSettings,
  http: httpSettings,
  targets: targetsSetting,
  jobs: jobsSetting,
  jobRun: jobRunSettings,
  advise: adviseSettings,
  bench: benchSettings,
  benchCompare: benchCompareSettings,
  benchExport: benchExportSettings,
  migrate: migrateSettings,
  snapshot: snapshotSettings,
  tap: tapSettings,
  demo: demoSettings,
});

export type Settings = z.infer<typeof settingsSchema>;
export type SectionName =
  | 'worker'
  | 'jobRun'
  | 'advise'
  | 'bench'
  | 'benchCompare'
  | 'benchExport'
  | 'migrate'
  | 'snapshot'
  | 'tap'
  | 'demo';

/** A key as a person meets it on the command line. */
export interface FlagDescription {
  /** Path in the settings: `advise.statementTimeout`. */
  readonly path: string;
  /** `statement-timeout`. */
  readonly name: string;
  readonly kind: FlagKind;
  readonly placeholder: string;
  readonly description: string;
  /** What holds without it, as text; null for nothing. */
  readonly fallback: string | null;
}

const GLOBAL_KEYS = ['databaseUrl', 'logLevel', 'quiet'];

/** Gives the flags that every command takes. */
export function globalFlags(): readonly FlagDescription[] {
  return GLOBAL_KEYS.map((key) => describeFlag(key, settingsSchema.shape[key as 'quiet']));
}

/** Gives the flags of one section, in the schema's order. */
export function sectionFlags(section: SectionName): readonly FlagDescription[] {
  const shape: Readonly<Record<string, z.ZodType>> = settingsSchema.shape[section].unwrap().shape;
  return Object.entries(shape).map(([key, schema]) => describeFlag(`${section}.${key}`, schema));
}

function describeFlag(path: string, schema: z.ZodType): FlagDescription {
  const meta = schema.meta();
  const fallback = schema.safeParse(undefined);
  return {
    path,
    name: kebab(path.split('.').at(-1) ?? path),
    kind: (meta?.['flag'] ?? 'value') as FlagKind,
    placeholder: String(meta?.['placeholder'] ?? 'VALUE'),
    description: meta?.description ?? '',
    fallback: fallback.success ? describeFallback(meta?.['fallback'] ?? fallback.data) : null,
  };
}

function describeFallback(value: unknown): string | null {
  if (value === undefined || value === false || (Array.isArray(value) && value.length === 0)) return null;
  return Array.isArray(value) ? value.join(',') : String(value);
}

/** Gives every key's path with its schema. */
export function settingsLeaves(): readonly (readonly [string, z.ZodType])[] {
  return leavesOf(settingsSchema.shape, '');
}

function leavesOf(
  shape: Readonly<Record<string, z.ZodType>>,
  prefix: string,
): readonly (readonly [string, z.ZodType])[] {
  return Object.entries(shape).flatMap(([key, schema]): readonly (readonly [string, z.ZodType])[] => {
    const inner = shapeWithin(schema);
    return inner === null ? [[`${prefix}${key}`, schema]] : leavesOf(inner, `${prefix}${key}.`);
  });
}

/** Gives the names of the keys that hold keys. */
export function settingsSections(): readonly string[] {
  return sectionsOf(settingsSchema.shape, '');
}

function sectionsOf(shape: Readonly<Record<string, z.ZodType>>, prefix: string): readonly string[] {
  return Object.entries(shape).flatMap(([key, schema]) => {
    const inner = shapeWithin(schema);
    return inner === null ? [] : [`${prefix}${key}`, ...sectionsOf(inner, `${prefix}${key}.`)];
  });
}

function shapeWithin(schema: z.ZodType): Readonly<Record<string, z.ZodType>> | null {
  const inner = schema instanceof z.ZodPrefault ? schema.unwrap() : null;
  return inner instanceof z.ZodObject ? inner.shape : null;
}

/** Writes a key as flags do: `statementTimeout` becomes `statement-timeout`. */
export function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
}
