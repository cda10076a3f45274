import { describe, expect, it, vi } from 'vitest';
import { runBench } from '../../src/bench/run.js';
import { StewardError } from '../../src/errors.js';
import { byKey, commandsDatabase, complete, migrationOf, sweep } from './commands.js';

// Cloning and measuring share the machine with the other test files.
vi.setConfig({ testTimeout: 120_000 });

const SEED = 4;
/** The clock is generous, so that a busy machine can do what is asked of it. */
const small = { budgetMs: 60_000, effort: { blocksMax: 8, sliceMs: 10 }, seed: SEED };
const INDEX = 'CREATE INDEX commands_status_sent_at_idx ON commands (status, sent_at)';

describe('a bench of a missing index', () => {
  it('finds over HTTP that the index cures the sweep, and what it costs those who write', async () => {
    const url = await commandsDatabase();
    const report = await runBench({
      url,
      queries: [sweep, complete],
      migrations: migrationOf(INDEX),
      ...small,
    });
    const [cured, written] = report.queries;
    expect(cured).toMatchObject({
      name: 'sweep',
      verdict: 'improved',
      errors: { before: 0, after: 0 },
    });
    expect(cured?.buffers.before).toBeGreaterThan(10 * (cured?.buffers.after ?? Number.NaN));
    expect(cured?.planHash.before).not.toBe(cured?.planHash.after);
    expect(cured?.plan.before).toMatch(/Seq Scan on commands/);
    expect(cured?.plan.after).toMatch(/commands_status_sent_at_idx/);
    expect(cured?.slices.before.length).toBe(cured?.slices.after.length);
    expect(cured?.otherDriver).toMatchObject({ driver: 'pg', requests: { before: expect.any(Number) } });
    // One more entry to write: the price is in the buffers whatever the latency shows.
    expect(written?.buffers.after).toBeGreaterThan(written?.buffers.before ?? Number.NaN);
    const [costs] = report.writes;
    expect(costs).toMatchObject({ table: 'public.commands', rows: 500, buildMs: { before: 0 } });
    expect(costs?.walBytesPerRow.after).toBeGreaterThan(1.1 * (costs?.walBytesPerRow.before ?? Number.NaN));
    expect(costs?.indexBytes.after).toBeGreaterThan(costs?.indexBytes.before ?? Number.NaN);
    expect(costs?.buildMs.after).toBeGreaterThan(0);
    expect(report).toMatchObject({
      driver: 'http',
      gate: { passed: expect.any(Boolean) },
      failures: [],
      skipped: [],
      writesSkipped: [],
    });
  });

  it('keeps to its budget and counts what it did', async () => {
    const url = await commandsDatabase();
    const slow = { ...sweep, name: 'slow', text: 'SELECT pg_sleep(0.15)', parameterSets: [] };
    const report = await runBench({
      url,
      queries: [slow, byKey],
      migrations: migrationOf(INDEX),
      driver: 'pg',
      budgetMs: 5_000,
      seed: SEED,
    });
    expect(report.durationMs).toBeLessThan(10_000);
    const [few, many] = report.queries;
    expect(few?.requests.before).toBeLessThanOrEqual(8);
    expect(many?.requests.before).toBeGreaterThanOrEqual(few?.requests.before ?? Number.NaN);
    expect(few?.verdict).toBe('inconclusive');
  });
});

describe('a bench of migrations that change nothing', () => {
  it.each(['http', 'pg'] as const)('neither praises nor blames them over %s', async (driver) => {
    const url = await commandsDatabase();
    const report = await runBench({
      url,
      queries: [sweep, byKey],
      migrations: migrationOf(`COMMENT ON TABLE commands IS 'commands'`),
      driver,
      ...small,
    });
    for (const query of report.queries) {
      expect(['equivalent', 'inconclusive']).toContain(query.verdict);
      expect(query.buffers.after).toBe(query.buffers.before);
      expect(query.planHash.after).toBe(query.planHash.before);
    }
    expect(report).toMatchObject({ driver, writes: [], gate: { passed: true, reasons: [] } });
    expect(report.noiseFloor.requests).toBeGreaterThan(0);
  });
});

describe('a statement that the migrations break', () => {
  it('closes the gate and leaves the others their verdicts', async () => {
    const url = await commandsDatabase();
    const report = await runBench({
      url,
      queries: [sweep, byKey],
      migrations: migrationOf('ALTER TABLE commands RENAME COLUMN sent_at TO delivered_at'),
      driver: 'pg',
      ...small,
    });
    expect(report.queries.map((query) => query.name)).toEqual(['by-key']);
    expect(report.gate.passed).toBe(false);
    expect(report.gate.reasons[0]).toBe('sweep fails after the migrations: column "sent_at" does not exist');
  });
});

describe('a scenario that is none', () => {
  const base = { url: 'postgres://nobody@localhost:1/none', migrations: migrationOf('SELECT 1'), seed: SEED };

  it.each([
    ['there is no query to bench', { queries: [], budgetMs: 1_000 }],
    ['two queries bear the name "by-key"', { queries: [byKey, byKey], budgetMs: 1_000 }],
    ['a budget of 0 ms holds no measurement', { queries: [byKey], budgetMs: 0 }],
  ])('is refused before anything is connected to: %s', async (message, parts) => {
    const error = await runBench({ ...base, ...parts }).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(StewardError);
    expect(error).toMatchObject({ message, exitStatus: 2 });
  });
});
