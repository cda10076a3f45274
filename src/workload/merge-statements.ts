import type { WorkloadStatement } from '../model/workload.js';
import { scanTokens } from '../sql/tokens.js';

/** Gives statements with equal fingerprints as one, in the order of their first mention; their figures are added. */
export function mergeStatements(statements: Iterable<WorkloadStatement>): readonly WorkloadStatement[] {
  const merged = new Map<string, WorkloadStatement>();
  for (const statement of statements) {
    const key = identityOf(statement);
    const known = merged.get(key);
    merged.set(key, known === undefined ? statement : merge(known, statement));
  }
  return [...merged.values()];
}

/** To libpg_query `x = 1` and `x IN (1, 2)` are one statement, and so are `LIKE 'a%'` and `LIKE '%a'`: not to an index. */
function identityOf({ fingerprint, text }: WorkloadStatement): string {
  return [fingerprint, LIST.test(text) ? 'list' : '', ANYWHERE.test(text) ? 'anywhere' : ''].join(' ');
}

const LIST = /\bin\s*\(\s*['$\d]/i;
const ANYWHERE = /\bi?like\s+'[%_]/i;

function merge(first: WorkloadStatement, second: WorkloadStatement): WorkloadStatement {
  // A text with real values tells the planner more than one with bare parameters.
  const [kept, other] = !hasValues(first) && hasValues(second) ? [second, first] : [first, second];
  const subquery = kept.subquery ?? other.subquery;
  return {
    ...kept,
    ...(subquery === undefined ? {} : { subquery }),
    name: kept.name ?? other.name,
    calls: first.calls + second.calls,
    totalTimeMs: add(first.totalTimeMs, second.totalTimeMs),
    rows: add(first.rows, second.rows),
    sharedBuffers: add(first.sharedBuffers, second.sharedBuffers),
    parameterSamples: mergeSamples(kept, other),
    location: kept.location ?? other.location,
  };
}

/** Samples fit another text only where its parameters stand in the same order. */
function mergeSamples(kept: WorkloadStatement, other: WorkloadStatement): WorkloadStatement['parameterSamples'] {
  if (other.parameterSamples.length === 0) return kept.parameterSamples;
  if (kept.text !== other.text && parametersOf(kept) !== parametersOf(other)) return kept.parameterSamples;
  return [...kept.parameterSamples, ...other.parameterSamples];
}

function hasValues(statement: WorkloadStatement): boolean {
  return statement.parameterSamples.length > 0 || parametersOf(statement) === '';
}

function parametersOf({ text }: WorkloadStatement): string {
  if (!text.includes('$')) return '';
  const parameters = scanTokens(text).filter((token) => token.kind === 'parameter');
  return parameters.map((token) => token.text).join(' ');
}

function add(one: number | null, other: number | null): number | null {
  return one === null || other === null ? (one ?? other) : one + other;
}
