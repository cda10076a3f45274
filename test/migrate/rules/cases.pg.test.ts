import { readdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type EmbeddedServer, startServer } from '../../../src/embedded/server.js';
import { readLintSet } from '../../../src/migrate/lint/lint-file.js';
import { lintIn, type ScratchDatabase } from '../../../src/migrate/lint.js';
import type { AdviceReport } from '../../../src/model/advice.js';
import { openSession } from '../../../src/postgres/session.js';
import { expectValidAdviceReport } from '../../report/report-schema.js';
import { folderWith } from '../folder.js';
import { type LintCase, TABLES, USUAL } from './lint-case.js';

const folder = new URL('./cases/', import.meta.url);
const rules = readdirSync(folder).map((file) => file.replace(/\.ts$/, ''));
const groups = await Promise.all(
  rules.map(async (rule) => {
    const { cases } = (await import(new URL(`${rule}.ts`, folder).href)) as { readonly cases: readonly LintCase[] };
    return { rule, cases };
  }),
);

let server: EmbeddedServer;
let scratch: ScratchDatabase;

beforeAll(async () => {
  server = await startServer();
  const [main, watch] = await Promise.all([openSession(server.url('postgres')), openSession(server.url('postgres'))]);
  scratch = { main, watch, version: server.version, major: server.major };
});

afterEach(() => scratch.main.script(CLEAN_UP));

afterAll(async () => {
  await scratch.main.close();
  await scratch.watch.close();
  await server.stop();
});

/** One database for all cases: making one takes longer than most cases do. */
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

describe.each(groups)('$rule', ({ rule, cases }) => {
  it.each(cases)('$name', async (each) => {
    const { findings } = await lintCase(each);
    const counted = findings.filter(
      ({ ruleId, location }) =>
        !USUAL.includes(ruleId) || (ruleId === rule && location?.file.endsWith('0001_before.up.sql') === false),
    );
    const places = counted.map(({ ruleId, location }) => {
      const file = location?.file.split('/').at(-1);
      return file === '0002_change.up.sql' ? `${ruleId}:${location?.line}` : `${ruleId}:${file}:${location?.line}`;
    });
    expect(places.sort()).toEqual([...each.finds].sort());
    const first = counted.find(({ ruleId }) => ruleId === rule);
    if (each.message !== undefined) expect(first?.message).toBe(each.message);
    if (each.fix !== undefined) expect(first?.fix?.sql.map(({ sql }) => sql)).toEqual(each.fix);
  });
});

async function lintCase({ before, sql, down, files, known, production }: LintCase): Promise<AdviceReport> {
  const dir = await folderWith({
    '0001_before.up.sql': `-- pgsteward: irreversible it is a case\n${before ?? TABLES}`,
    '0002_change.up.sql': sql,
    ...(down === undefined ? {} : { '0002_change.down.sql': down }),
    ...files,
  });
  const report = await lintIn(scratch, await readLintSet([dir]), {
    dirs: [dir],
    version: '0.0.0',
    known: known === undefined ? null : knownOf(known),
    production: production === undefined ? null : new Map(Object.entries(production)),
    progress: { step: () => ({ update: () => undefined, end: () => undefined }) },
    signal: new AbortController().signal,
    now: () => new Date(0),
  });
  expectValidAdviceReport(report);
  return report;
}

function knownOf({ applied, roles = [] }: NonNullable<LintCase['known']>) {
  const versions = Object.entries(applied).map(([version, checksum]) => ({ version, checksum }));
  return { applied: versions, roles: new Set(roles) };
}
