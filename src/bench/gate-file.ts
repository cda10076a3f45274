import { readFileSync } from 'node:fs';
import { parse as parseYaml } from 'yaml';
import { z } from 'zod';
import { messageOf, StewardError } from '../errors.js';

const ratioLimit = z.number().positive();
const timeLimit = z.number().positive();
const share = z.number().min(0).max(1);

const queryLimits = z.strictObject({
  p50Ratio: ratioLimit.optional(),
  p95Ratio: ratioLimit.optional(),
  p99Ratio: ratioLimit.optional(),
  cpuRatio: ratioLimit.optional(),
  buffersRatio: ratioLimit.optional(),
  p50Ms: timeLimit.optional(),
  p95Ms: timeLimit.optional(),
  p99Ms: timeLimit.optional(),
  errorRate: share.optional(),
  planChange: z.enum(['allow', 'forbid', 'report']).optional(),
});

const gateSchema = z.strictObject({
  limits: queryLimits.default({}),
  queries: z.record(z.string(), queryLimits).default({}),
  writes: z
    .strictObject({ walRatio: ratioLimit.optional(), hotShareDrop: share.optional(), lockMs: timeLimit.optional() })
    .default({}),
});

/** What a release may cost; a limit that is absent is not checked. Ratios are after / before. */
export type QueryLimits = z.infer<typeof queryLimits>;

/** Limits for every query, further ones by a query's name, and those of the writes. */
export type Gate = z.infer<typeof gateSchema>;

/** A gate without limits: errors and regressions alone close it. */
export const OPEN_GATE: Gate = { limits: {}, queries: {}, writes: {} };

/** Reads a gate file; a StewardError of code `configuration` names every key that it does not know or allow. */
export function readGateFile(file: string): Gate {
  const parsed = gateSchema.safeParse(readYaml(file) ?? {});
  if (parsed.success) return parsed.data;
  throw new StewardError('configuration', parsed.error.issues.flatMap((issue) => explain(issue, file)).join('\n'), {
    hint: 'docs/bench.md lists every limit',
  });
}

/** Refuses limits for queries that are not measured: a misspelt name would guard nothing. */
export function requireKnownQueries(gate: Gate, names: readonly string[]): void {
  const unknown = Object.keys(gate.queries).filter((name) => !names.includes(name));
  if (unknown.length === 0) return;
  throw new StewardError('configuration', `the gate limits ${unknown.join(', ')}, which is not measured`, {
    hint: `the queries are ${names.join(', ')}`,
  });
}

function readYaml(file: string): unknown {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (error) {
    throw new StewardError('configuration', `the gate file ${file} cannot be read: ${messageOf(error)}`, {
      hint: 'pass the path of a YAML file with --gate',
      cause: error,
    });
  }
  try {
    return parseYaml(text);
  } catch (error) {
    throw new StewardError('configuration', `the gate file ${file} is not YAML: ${messageOf(error)}`, {
      hint: `mend ${file} at that line`,
      cause: error,
    });
  }
}

function explain(issue: z.core.$ZodIssue, file: string): readonly string[] {
  const path = issue.path.map(String).join('.');
  const within = path === '' ? '' : `${path}.`;
  if (issue.code === 'unrecognized_keys') return issue.keys.map((key) => `${within}${key} in ${file} is no limit`);
  return [`${path === '' ? 'what stands' : path} in ${file} is not allowed: ${expectation(issue)}`];
}

function expectation(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_value') return `expected one of ${issue.values.map(String).join(', ')}`;
  if (issue.code === 'too_small')
    return `expected a number ${issue.inclusive === true ? 'from' : 'above'} ${issue.minimum}`;
  if (issue.code === 'too_big') return `expected a number up to ${issue.maximum}`;
  if (issue.code === 'invalid_type')
    return issue.expected === 'number' ? 'expected a number' : 'expected keys with values';
  return issue.message;
}
