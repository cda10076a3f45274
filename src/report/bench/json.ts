import type { BenchReport } from '../../model/bench.js';

/** Gives the report as the contract's JSON, schema version 1. */
export function renderBenchJson(report: BenchReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
