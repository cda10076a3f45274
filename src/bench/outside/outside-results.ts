import { StewardError } from '../../errors.js';
import type { BenchReport } from '../../model/bench.js';
import { asBenchReport, readResultFile } from '../report-file.js';
import { readK6Summary } from './k6-results.js';
import { readPgbenchText } from './pgbench-results.js';

/** What another load generator measured of one query; percentiles are null where it gives none. */
export interface OutsideQuery {
  readonly name: string;
  readonly requests: number;
  readonly errors: number;
  readonly meanMs: number;
  readonly p50Ms: number | null;
  readonly p95Ms: number | null;
  readonly p99Ms: number | null;
}

/** A file of results, by what wrote it. */
export type BenchResults =
  | { readonly kind: 'pgsteward'; readonly report: BenchReport }
  | { readonly kind: 'k6' | 'pgbench'; readonly queries: readonly OutsideQuery[] };

/** Reads results of this program, of k6 or of pgbench; the content tells which. */
export function readBenchResults(file: string): BenchResults {
  const text = readResultFile(file, 'bench compare BEFORE.json AFTER.json');
  const content = parseJson(text);
  const report = asBenchReport(content);
  if (report !== null) return { kind: 'pgsteward', report };
  const k6 = readK6Summary(content);
  if (k6 !== null && k6.length > 0) return { kind: 'k6', queries: k6 };
  const pgbench = readPgbenchText(text);
  if (pgbench !== null && pgbench.length > 0) return { kind: 'pgbench', queries: pgbench };
  throw new StewardError('configuration', `${file} holds no results of a bench`, {
    hint: 'name a JSON report of pgsteward bench, a summary of the exported k6 script, or what pgbench -r printed',
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // pgbench prints text, which the caller tries next.
    return null;
  }
}
