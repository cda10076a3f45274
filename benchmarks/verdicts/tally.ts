import { median } from '../../src/bench/statistics.js';
import type { BenchReport, RatioInterval, Verdict } from '../../src/model/bench.js';
import { exactInterval } from './exact-interval.js';

/** Counts what the runs of one case said, how large the effect was and how long they took. */
export class Tally {
  private readonly verdicts: Verdict[] = [];
  private readonly ratios: number[] = [];
  private readonly undelayed: number[] = [];
  private readonly durationsMs: number[] = [];
  private readonly name: string;

  constructor(name: string) {
    this.name = name;
  }

  /** Takes one run and gives its line. */
  add(report: BenchReport): string {
    const [query] = report.queries;
    if (query === undefined) throw new Error(`${this.name} was not measured`);
    this.verdicts.push(query.verdict);
    this.ratios.push(query.latencyRatio.point);
    if (query.undelayedRatio) this.undelayed.push(query.undelayedRatio.point);
    this.durationsMs.push(report.durationMs);
    const figures = [
      `margins ${query.changeMargin?.toFixed(2)} and ${query.equivalenceMargin?.toFixed(2)}`,
      `without waiting ${shown(query.undelayedRatio ?? null)}`,
      `CPU ${shown(query.cpuRatio)}`,
      `p ${query.pValue?.toPrecision(2)}`,
      seconds(report.durationMs),
    ].join(', ');
    return `${this.name} ${this.runs}: ${query.verdict} × ${shown(query.latencyRatio)}, ${figures}; so far ${this.counts}`;
  }

  get runs(): number {
    return this.verdicts.length;
  }

  count(...wanted: readonly Verdict[]): number {
    return this.verdicts.filter((verdict) => wanted.includes(verdict)).length;
  }

  /** The case's line of the table; `hits` of its runs are what is counted. */
  row(what: string, hits: number): string {
    const times = [median(this.durationsMs), Math.max(0, ...this.durationsMs)].map(seconds).join(', longest ');
    return `${tableRow(this.name, what, { hits, runs: this.runs })} × ${median(this.ratios).toFixed(2)} (${median(this.undelayed).toFixed(2)} without waiting), ${times}; ${this.counts}`;
  }

  private get counts(): string {
    return [...new Set(this.verdicts)].map((verdict) => `${this.count(verdict)} ${verdict}`).join(', ');
  }
}

/** One line of the table: how many of the runs, with the exact 95 % interval of that share. */
export function tableRow(
  name: string,
  what: string,
  { hits, runs }: { readonly hits: number; readonly runs: number },
): string {
  const [low, high] = exactInterval(hits, runs);
  const interval = `${(100 * low).toFixed(1)}–${(100 * high).toFixed(1)} %`;
  return `${name.padEnd(26)} ${what} ${String(hits).padStart(2)}/${runs}  ${interval.padEnd(14)}`;
}

function shown(ratio: RatioInterval | null): string {
  return ratio === null ? 'none' : `${ratio.point.toFixed(3)} (${ratio.low.toFixed(3)}–${ratio.high.toFixed(3)})`;
}

function seconds(durationMs: number): string {
  return `${(durationMs / 1_000).toFixed(1)} s`;
}
