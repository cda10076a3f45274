import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { messageOf, StewardError } from '../errors.js';
import type { BenchReport } from '../model/bench.js';

const pair = z.looseObject({ before: z.number().nullable(), after: z.number().nullable() });
const interval = z.looseObject({ point: z.number(), low: z.number(), high: z.number() });

/** What readers of an earlier report rely on; the rest of it is taken as it is. */
const reportSchema = z.looseObject({
  schemaVersion: z.literal(1),
  startedAt: z.string(),
  server: z.looseObject({ major: z.number() }),
  noiseFloor: z.looseObject({ latencyRatio: interval }),
  queries: z.array(
    z.looseObject({
      name: z.string(),
      verdict: z.enum(['improved', 'regressed', 'equivalent', 'inconclusive']),
      latencyRatio: interval,
      buffers: pair,
      planHash: z.looseObject({ before: z.string(), after: z.string() }),
      p50Ms: pair,
      p99Ms: pair,
    }),
  ),
  writes: z.array(z.looseObject({ table: z.string(), walBytesPerRow: pair })),
  data: z.looseObject({ sizeBytes: z.number(), rowsEstimate: z.record(z.string(), z.number()) }).optional(),
});

/** Reads a report that `pgsteward bench --format json` wrote; `flag` is what named the file. */
export function readBenchReport(file: string, flag: string): BenchReport {
  const report = asBenchReport(readJson(file, flag));
  if (report !== null) return report;
  throw new StewardError('configuration', `${file} is not the JSON report of a bench`, {
    hint: `name a file that pgsteward bench --format json --output FILE has written`,
  });
}

/** Gives a parsed file as a report, or null where it is none. */
export function asBenchReport(content: unknown): BenchReport | null {
  const parsed = reportSchema.safeParse(content);
  return parsed.success ? (parsed.data as unknown as BenchReport) : null;
}

function readJson(file: string, flag: string): unknown {
  const text = readResultFile(file, flag);
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new StewardError('configuration', `${file} is not JSON: ${messageOf(error)}`, {
      hint: 'name a file that pgsteward bench --format json --output FILE has written',
      cause: error,
    });
  }
}

/** Reads a file of earlier results as text; `flag` is what named it. */
export function readResultFile(file: string, flag: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new StewardError('configuration', `${file} cannot be read: ${messageOf(error)}`, {
      hint: `pass the path of a file with ${flag}`,
      cause: error,
    });
  }
}
