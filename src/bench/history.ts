import { appendFileSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import { messageOf, StewardError } from '../errors.js';
import type { BenchHistoryEntry, BenchReport } from '../model/bench.js';

const pair = z.object({ before: z.number(), after: z.number() });

const entrySchema = z.object({
  startedAt: z.string(),
  migrations: z.array(z.string()),
  passed: z.boolean(),
  queries: z.array(
    z.object({
      name: z.string(),
      verdict: z.enum(['improved', 'regressed', 'equivalent', 'inconclusive']),
      ratio: z.number(),
      p50Ms: pair,
      p99Ms: pair,
    }),
  ),
});

/** Earlier runs that are shown beside a new one. */
const SHOWN = 10;

/** Reads the last runs of a history file, oldest first; a file that is not there yet holds none. */
export function readHistory(file: string): readonly BenchHistoryEntry[] {
  const lines = readText(file).split('\n');
  const entries = lines.flatMap((line, index) => (line.trim() === '' ? [] : [readEntry(line, `${file}:${index + 1}`)]));
  return entries.slice(-SHOWN);
}

/** Adds a run to a history file as one line of JSON. */
export function appendHistory(file: string, report: BenchReport): void {
  const entry: BenchHistoryEntry = {
    startedAt: report.startedAt,
    migrations: report.migrations,
    passed: report.gate.passed,
    queries: report.queries.map(({ name, verdict, latencyRatio, p50Ms, p99Ms }) => ({
      ...{ name, verdict, ratio: latencyRatio.point, p50Ms, p99Ms },
    })),
  };
  try {
    appendFileSync(file, `${JSON.stringify(entry)}\n`);
  } catch (error) {
    throw new StewardError('runtime', `the run cannot be added to ${file}: ${messageOf(error)}`, {
      hint: 'name another file with --history',
      cause: error,
    });
  }
}

function readText(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return '';
    throw new StewardError('configuration', `the history ${file} cannot be read: ${messageOf(error)}`, {
      hint: 'name another file with --history',
      cause: error,
    });
  }
}

function readEntry(line: string, place: string): BenchHistoryEntry {
  const parsed = entrySchema.safeParse(parseLine(line));
  if (parsed.success) return parsed.data;
  throw new StewardError('configuration', `${place} is no run of a bench`, {
    hint: 'name a file that only --history has written, or one that is not there yet',
  });
}

function parseLine(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // What is no JSON is no run either, and the caller says so with its place.
    return null;
  }
}
