import type {
  BenchFailure,
  BenchLock,
  BenchQuery,
  BenchReport,
  BenchSkipped,
  BenchWrites,
  NoiseFloor,
  RatioInterval,
} from '../model/bench.js';
import type { BenchLoad } from '../model/bench-load.js';
import { seededRandom } from '../random.js';
import { summariseContamination } from './contamination.js';
import type { ExactScenario } from './exact-scenario.js';
import { type GateEntry, judgeGate } from './gate.js';
import type { Gate } from './gate-file.js';
import { noiseFloorOf } from './noise.js';
import type { BenchScenarioQuery } from './scenario.js';
import { median } from './statistics.js';
import { type DriverRun, type QuerySummary, summariseQuery } from './summary.js';
import { judgeQueries, type VerdictEvidence } from './verdict.js';

/** Everything that a run has measured. */
export interface Measured {
  readonly queries: readonly BenchScenarioQuery[];
  readonly exact: ExactScenario;
  readonly primary: DriverRun;
  readonly other: DriverRun | null;
  readonly writes: readonly BenchWrites[];
  readonly writesSkipped: readonly BenchSkipped[];
  readonly gate: Gate;
  readonly load: BenchLoad | null;
  readonly migrationLocks: readonly BenchLock[] | null;
  readonly baseline: BenchReport | null;
  readonly seed: number;
}

type Summary = Pick<BenchReport, 'noiseFloor' | 'queries' | 'failures' | 'skipped' | 'gate' | 'contamination'>;

/** Gives the verdicts, what failed, and the gate's answer. */
export function summarise(measured: Measured): Summary {
  const { exact, primary } = measured;
  const random = seededRandom(measured.seed);
  const noiseFloor = noiseFloorOf([...primary.outcome.noise.values()], random) ?? UNKNOWN_NOISE;
  const failures: BenchFailure[] = [...exact.failures];
  const skipped: BenchSkipped[] = [...exact.skipped];
  const found: { readonly index: number; readonly summary: QuerySummary }[] = [];
  for (const [index, query] of measured.queries.entries()) {
    const signals = exact.signals.get(index);
    const comparison = primary.outcome.main.get(index);
    if (signals === undefined || comparison === undefined) continue;
    const summary = summariseQuery({ ...measured, query, index, exact: signals, noiseFloor, random });
    const { before, after } = comparison.errorMessages;
    if (summary !== null) found.push({ index, summary });
    else if (before !== null)
      skipped.push({ name: query.name, reason: `fails under load before the migrations: ${before}` });
    else failures.push({ name: query.name, fingerprint: query.fingerprint, message: after ?? 'every request fails' });
  }
  const entries = withVerdicts(found, primary);
  return {
    noiseFloor: { ...noiseFloor, smallestEffect: smallestEffectOf(found.map(({ summary }) => summary)) },
    queries: entries.map((entry) => entry.query),
    failures,
    skipped,
    contamination: summariseContamination([...primary.outcome.noise.values(), ...primary.outcome.main.values()]),
    gate: judgeGate({ ...measured, entries, failures }),
  };
}

function withVerdicts(
  found: readonly { readonly index: number; readonly summary: QuerySummary }[],
  { outcome }: DriverRun,
): readonly GateEntry[] {
  const verdicts = judgeQueries(found.map(({ summary }) => summary.evidence));
  return found.flatMap(({ index, summary }, place) => {
    const comparison = outcome.main.get(index);
    const judged = verdicts[place];
    if (comparison === undefined || judged === undefined) return [];
    const query: BenchQuery = { ...summary.query, ...judged };
    return [{ query, ...comparison.recorders, errorMessage: comparison.errorMessages.after }];
  });
}

/** The change that this run could have told: beyond the margin by half an interval, of the query in the middle. */
function smallestEffectOf(summaries: readonly QuerySummary[]): NonNullable<NoiseFloor['smallestEffect']> {
  const effects = (tests: readonly (VerdictEvidence | null)[]) =>
    tests.flatMap((test) => {
      if (test === null) return [];
      const { low, point, high } = test.ratio;
      return test.margins.change * Math.max(high / point, point / low);
    });
  const latency = effects(summaries.map(({ evidence }) => evidence.latency));
  const cpu = effects(summaries.map(({ evidence }) => evidence.cpu));
  return { latency: latency.length === 0 ? null : median(latency), cpu: cpu.length === 0 ? null : median(cpu) };
}

/** Where no query was fast enough to be compared with itself: what identical sequential runs are known to show. */
const UNKNOWN_NOISE: { latencyRatio: RatioInterval; cpuRatio: null; requests: number } = {
  latencyRatio: { point: 1, low: 0.7, high: 1.43 },
  cpuRatio: null,
  requests: 0,
};
