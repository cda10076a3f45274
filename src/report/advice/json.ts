import type { AdviceReport } from '../../model/advice.js';

/** Gives the report as one line of the contract's JSON: one of several that follow each other. */
export function renderAdviceLine(report: AdviceReport): string {
  return `${JSON.stringify(report)}\n`;
}

/** Gives the report as the contract's JSON, schema version 1 (`docs/report.schema.json`). */
export function renderAdviceJson(report: AdviceReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
