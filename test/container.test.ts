import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { parse } from 'yaml';
import { readSettings } from '../src/config.js';
import { SHIPPED_JOBS } from '../src/settings-worker.js';
import { readSchedule } from '../src/worker/schedule.js';

interface Service {
  readonly command: readonly string[];
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: readonly string[];
  readonly read_only: boolean;
  readonly cap_drop: readonly string[];
  readonly stop_grace_period: string;
  readonly depends_on: Readonly<Record<string, { readonly condition: string }>>;
  readonly deploy: { readonly replicas: number };
}

const compose = parse(readFileSync(new URL('../compose.yaml', import.meta.url), 'utf8'), { merge: true }) as {
  readonly services: Readonly<Record<'migrate' | 'worker', Service>>;
  readonly secrets: Readonly<Record<string, unknown>>;
};
const dockerfile = readFileSync(new URL('../Dockerfile', import.meta.url), 'utf8');
const { migrate, worker } = compose.services;

describe('the container', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pgsteward-container-'));
  afterEach(() => {
    vi.unstubAllEnvs();
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is configured by its environment and secrets alone', () => {
    vi.stubEnv('DATABASE_URL', '');
    for (const [name, value] of Object.entries({ ...imageEnvironment(), ...worker.environment }))
      vi.stubEnv(name, name.endsWith('_FILE') ? secretFile(value) : value);
    const empty = join(folder, 'empty.yaml');
    writeFileSync(empty, '');
    const settings = readSettings({ flags: new Map(), configFile: empty });
    expect(settings).toMatchObject({
      databaseUrl: 'the secret database_url',
      http: { listen: '0.0.0.0:9187', token: 'the secret http_token' },
      migrations: { dirs: ['/migrations'] },
    });
    expect(Number.parseInt(worker.stop_grace_period, 10)).toBeGreaterThan(settings.worker.drainSeconds);
    const scheduled = Object.entries(settings.jobs).map(([, keys]) => (keys as { schedule: string }).schedule);
    expect(scheduled.length).toBeGreaterThan(3);
    for (const schedule of scheduled) expect(readSchedule(schedule, 'UTC').next()).not.toBeNull();
  });

  it('names jobs that there are', () => {
    const shipped: readonly string[] = SHIPPED_JOBS;
    const named = Object.keys(worker.environment).flatMap(
      (name) => /^PGSTEWARD_JOBS_(.*)_SCHEDULE$/.exec(name)?.[1] ?? [],
    );
    for (const name of named) expect(shipped).toContain(name.toLowerCase().replaceAll('_', '-'));
  });

  it('starts two workers once the migrations are applied, each without a right that it does not need', () => {
    expect(worker.depends_on['migrate']).toEqual({ condition: 'service_completed_successfully' });
    expect(worker.deploy.replicas).toBe(2);
    for (const service of [migrate, worker]) {
      expect([service.read_only, service.cap_drop]).toEqual([true, ['ALL']]);
      for (const secret of service.secrets) expect(Object.keys(compose.secrets)).toContain(secret);
    }
    expect(migrate.command.slice(0, 2)).toEqual(['migrate', 'up']);
  });

  it('runs the program itself as its first process, and not as root', () => {
    expect(dockerfile).toMatch(/^ENTRYPOINT \["node", "\/app\/dist\/cli\.js"\]$/m);
    expect(dockerfile).toMatch(/^USER 1000:1000$/m);
    expect(dockerfile).toMatch(/^HEALTHCHECK .*\/healthz/m);
  });

  function secretFile(path: string): string {
    const file = join(folder, path.split('/').at(-1) ?? '');
    writeFileSync(file, `the secret ${path.split('/').at(-1)}\n`);
    return file;
  }
});

/** What ENV sets in the image. */
function imageEnvironment(): Readonly<Record<string, string>> {
  const [, assignments = ''] = /^ENV ((?:.*\\\n)*.*)$/m.exec(dockerfile) ?? [];
  return Object.fromEntries(
    [...assignments.matchAll(/(\w+)=(\S+)/g)].map(([, name = '', value = '']) => [name, value]),
  );
}
