import { median, type Standing } from './standing.js';

/** Ours may take this part of the best peer's time. */
const TIME_RATIO_MAX = 1.05;
/** Estimated sizes come this near the real ones; a set that was chosen by estimates may miss its budget by as much. */
const SIZE_ERROR_MAX = 0.06;

/** What was measured, and for which budget it is judged. */
export interface Contest {
  readonly budget: number;
  readonly tableBytes: number;
  readonly base: Standing;
  readonly standings: readonly Standing[];
}

/** Peers of a budget that run all rounds: so many of the quickest by CPU time and by time in the first. */
const FINALISTS = 6;

/** Which time is judged. */
export type Clock = 'wall' | 'cpu';

/** Gives the sets that are worth all rounds: none, ours, and the peers that were quick in the first. */
export function finalistsOf(contests: readonly Contest[]): readonly Standing[] {
  const quick = contests.flatMap((contest) => {
    const peers = fittingPeers(contest, 'wall');
    return [...peers.slice(0, FINALISTS), ...fittingPeers(contest, 'cpu').slice(0, FINALISTS)];
  });
  const standings = contests[0]?.standings ?? [];
  return standings.filter((standing) => {
    const { isOurs, definitions } = standing.measured.set;
    return isOurs || definitions.length === 0 || quick.includes(standing);
  });
}

/**
 * Prints the sets of a budget from the fastest down, with the verdict on ours; false when it misses a bar. Any set of a
 * peer that really fits stands there, whatever it was chosen for.
 */
export function reportBudget(contest: Contest, clock: Clock): boolean {
  const { budget, tableBytes, base } = contest;
  const budgetBytes = (tableBytes * budget) / 100;
  const peers = fittingPeers(contest, clock);
  const ours = contest.standings.find(({ measured: { set } }) => set.isOurs && set.budget === budget);
  const best = peers[0];
  console.log(`\nbudget ${budget} % of the tables: ${mega(budgetBytes)}`);
  console.log(
    'set                             indexes      size   cost    time s  of none  of best      CPU s  of none  of best  1000 blocks  of none  of best  rounds s',
  );
  for (const standing of [base, ...peers, ...(ours === undefined ? [] : [ours])])
    console.log(line(standing, base, best ?? base));
  if (ours === undefined || best === undefined) return true;
  return judge(ours, { best, peers, budgetBytes, clock });
}

/** Prints the time and blocks of each statement without indexes, under the best peer's and under our set. */
export function reportStatements(contest: Contest, clock: Clock): void {
  const { budget, base, standings } = contest;
  const best = fittingPeers(contest, clock)[0] ?? base;
  const ours = standings.find(({ measured: { set } }) => set.isOurs && set.budget === budget) ?? base;
  const columns = [base, best, ours];
  console.log(
    `\nstatement  ms, CPU ms, cost and blocks: ${columns.map(({ measured }) => measured.set.name).join(' · ')}`,
  );
  for (const [place, { statement }] of base.measured.variants.entries()) {
    const figures = columns.map(({ measured }) => {
      const variant = measured.variants[place];
      const ms = median(variant?.runs.map(({ wallMs }) => wallMs) ?? []);
      const cpuMs = median(variant?.runs.flatMap((run) => run.cpuMs ?? []) ?? []);
      const buffers = median(variant?.runs.map((run) => run.buffers) ?? []);
      return `${ms.toFixed(1).padStart(8)} ${cpuMs.toFixed(1).padStart(8)} ${(variant?.cost ?? 0).toFixed(0).padStart(9)} ${buffers.toFixed(0).padStart(8)}`;
    });
    console.log(`${statement.name.padEnd(9)} ${figures.join('   ')}`);
  }
}

/** The fastest first. */
function fittingPeers({ budget, tableBytes, standings }: Contest, clock: Clock): readonly Standing[] {
  const sizeBytesMax = ((tableBytes * budget) / 100) * (1 + SIZE_ERROR_MAX);
  return standings
    .filter(({ measured: { set }, sizeBytes }) => {
      return !set.isOurs && set.definitions.length > 0 && sizeBytes <= sizeBytesMax;
    })
    .sort((a, b) => timeOf(a, clock) - timeOf(b, clock));
}

function timeOf({ wallMs, cpuMs }: Standing, clock: Clock): number {
  return clock === 'cpu' ? (cpuMs ?? wallMs) : wallMs;
}

function line(standing: Standing, base: Standing, best: Standing): string {
  const { measured, sizeBytes, cost, wallMs, cpuMs, buffers, wallMsRange } = standing;
  const cpu = (other: Standing) => (cpuMs === null || other.cpuMs === null ? '-' : ratio(cpuMs, other.cpuMs));
  return [
    measured.set.name.padEnd(31),
    String(measured.set.definitions.length).padStart(7),
    mega(sizeBytes).padStart(9),
    ratio(cost, base.cost),
    seconds(wallMs).padStart(9),
    ratio(wallMs, base.wallMs).padStart(8),
    ratio(wallMs, best.wallMs).padStart(8),
    (cpuMs === null ? '-' : seconds(cpuMs)).padStart(10),
    cpu(base).padStart(8),
    cpu(best).padStart(8),
    (Number.isFinite(buffers) ? (buffers / 1000).toFixed(1) : '-').padStart(12),
    ratio(buffers, base.buffers).padStart(8),
    ratio(buffers, best.buffers).padStart(8),
    ` ${wallMsRange.map(seconds).join('-')}`,
  ].join(' ');
}

function judge(
  ours: Standing,
  field: {
    readonly best: Standing;
    readonly peers: readonly Standing[];
    readonly budgetBytes: number;
    readonly clock: Clock;
  },
): boolean {
  const { best, peers, budgetBytes, clock } = field;
  const timeRatio = timeOf(ours, clock) / timeOf(best, clock);
  const isFast = timeRatio <= TIME_RATIO_MAX;
  const isLean = ours.buffers <= best.buffers;
  const isWithin = ours.sizeBytes <= budgetBytes * (1 + SIZE_ERROR_MAX);
  const leanest = peers.reduce((least, peer) => (peer.buffers < least.buffers ? peer : least), best);
  const verdict = (isMet: boolean) => (isMet ? 'met' : 'MISSED');
  console.log(
    `${clock === 'cpu' ? 'CPU time' : 'time'} ${timeRatio.toFixed(3)} of ${best.measured.set.name}, the bar is ${TIME_RATIO_MAX}: ${verdict(isFast)} · ` +
      `blocks ${ratio(ours.buffers, best.buffers)}, the bar is 1: ${verdict(isLean)} ` +
      `(${ratio(ours.buffers, leanest.buffers)} of the leanest, ${leanest.measured.set.name}) · ` +
      `size ${ratio(ours.sizeBytes, budgetBytes)} of the budget: ${verdict(isWithin)}`,
  );
  return isFast && isLean && isWithin;
}

function ratio(value: number, of: number): string {
  return Number.isFinite(value) && Number.isFinite(of) ? (value / of).toFixed(3) : '-';
}

function seconds(ms: number): string {
  return (ms / 1000).toFixed(2);
}

function mega(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
