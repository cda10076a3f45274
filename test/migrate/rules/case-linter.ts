import { readdirSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startServer } from '../../../src/embedded/server.js';
import { readLintSet } from '../../../src/migrate/lint/lint-file.js';
import { lintIn, type ScratchDatabase } from '../../../src/migrate/lint.js';
import type { AdviceReport } from '../../../src/model/advice.js';
import type { Finding } from '../../../src/model/finding.js';
import { silentProgress } from '../../../src/model/progress.js';
import { openSession } from '../../../src/postgres/session.js';
import { type LintCase, TABLES, USUAL } from './lint-case.js';

/** Lints cases one by one in one database, since making one takes longer than most cases do. */
export interface CaseLinter {
  /** Lints one case and takes away what it made. */
  lint(lintCase: LintCase): Promise<AdviceReport>;
  stop(): Promise<void>;
}

/** The file that most findings of a case are about. */
const JUDGED_FILE = '0002_change.up.sql';
/** The file that makes the tables which the judged one finds. */
export const BEFORE_FILE = '0001_before.up.sql';

/** Starts a server of its own for cases. */
export async function startCaseLinter(): Promise<CaseLinter> {
  const server = await startServer();
  const [main, watch] = await Promise.all([openSession(server.url('postgres')), openSession(server.url('postgres'))]);
  const scratch: ScratchDatabase = { main, watch, version: server.version, major: server.major };
  return {
    lint: async (lintCase) => {
      try {
        return await lintOne(scratch, lintCase);
      } finally {
        await main.script(CLEAN_UP);
      }
    },
    stop: async () => {
      await main.close();
      await watch.close();
      await server.stop();
    },
  };
}

/** Gives a finding as cases label it: `rule:line` of the judged file, `rule:file:line` of others. */
export function labelOf({ ruleId, location }: Finding): string {
  const file = location?.file.split('/').at(-1);
  return file === JUDGED_FILE ? `${ruleId}:${location?.line}` : `${ruleId}:${file}:${location?.line}`;
}

/** The cases of one rule. */
export interface CaseGroup {
  readonly rule: string;
  readonly cases: readonly LintCase[];
}

/** Reads every rule's cases. */
export async function readCaseGroups(): Promise<readonly CaseGroup[]> {
  const folder = new URL('./cases/', import.meta.url);
  const rules = readdirSync(folder).map((file) => file.replace(/\.ts$/, ''));
  return Promise.all(
    rules.map(async (rule) => {
      const { cases } = (await import(new URL(`${rule}.ts`, folder).href)) as { readonly cases: readonly LintCase[] };
      return { rule, cases };
    }),
  );
}

/** Leaves out what the usual tables and short files have on them, except by the rule whose case it is. */
export function judgedFindings({ findings }: AdviceReport, rule: string): readonly Finding[] {
  return findings.filter(
    ({ ruleId, location }) =>
      !USUAL.includes(ruleId) || (ruleId === rule && location?.file.endsWith(BEFORE_FILE) === false),
  );
}

const CLEAN_UP = `DO $$ DECLARE name text; BEGIN
    FOR name IN SELECT extname FROM pg_extension WHERE extname <> 'plpgsql' LOOP
      EXECUTE format('DROP EXTENSION %I CASCADE', name);
    END LOOP;
    FOR name IN SELECT nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema' LOOP
      EXECUTE format('DROP SCHEMA %I CASCADE', name);
    END LOOP;
    FOR name IN SELECT rolname FROM pg_roles WHERE rolname <> 'postgres' AND rolname !~ '^pg_' LOOP
      EXECUTE format('DROP OWNED BY %1$I; DROP ROLE %1$I', name);
    END LOOP;
  END $$; CREATE SCHEMA public`;

async function lintOne(scratch: ScratchDatabase, lintCase: LintCase): Promise<AdviceReport> {
  const dir = await mkdtemp(join(tmpdir(), 'lint-case-'));
  try {
    for (const [name, text] of Object.entries(filesOf(lintCase))) await writeFile(join(dir, name), text);
    const { known, production } = lintCase;
    return await lintIn(scratch, await readLintSet([dir]), {
      dirs: [dir],
      version: '0.0.0',
      known: known === undefined ? null : knownOf(known),
      production: production === undefined ? null : new Map(Object.entries(production)),
      progress: silentProgress,
      signal: new AbortController().signal,
      now: () => new Date(0),
    });
  } finally {
    await rm(dir, { recursive: true });
  }
}

function filesOf({ before, sql, down, files }: LintCase): Readonly<Record<string, string>> {
  return {
    [BEFORE_FILE]: `-- pgsteward: irreversible it is a case\n${before ?? TABLES}`,
    [JUDGED_FILE]: sql,
    ...(down === undefined ? {} : { [JUDGED_FILE.replace('.up.', '.down.')]: down }),
    ...files,
  };
}

function knownOf({ applied, roles = [] }: NonNullable<LintCase['known']>) {
  const versions = Object.entries(applied).map(([version, checksum]) => ({ version, checksum }));
  return { applied: versions, roles: new Set(roles) };
}
