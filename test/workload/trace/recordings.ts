import type { TapExecution } from '../../../src/model/tap-record.js';

const START_MS = Date.UTC(2026, 5, 1);

/** The first line of a recording. */
export function recordingLine(values: 'hashed' | 'plain' = 'plain'): string {
  const tool = { name: 'pgsteward', version: '1.0.0' };
  const startedAt = new Date(START_MS).toISOString();
  const upstream = '127.0.0.1:5432';
  return JSON.stringify({
    kind: 'recording',
    version: 1,
    recording: 'r',
    startedAt,
    tool,
    upstream,
    values,
    sample: 1,
  });
}

/** One statement of a recording; what is not told is dull. */
export function executionOf(parts: Partial<TapExecution> & { readonly atMs?: number }): TapExecution {
  const { atMs = 0, ...rest } = parts;
  return {
    ...{ kind: 'execution', session: 's1', sequence: 1, startedAtMs: START_MS + atMs, durationMs: 0.25 },
    ...{ protocol: 'extended', text: 'SELECT a FROM t', textComplete: true, parameters: [], rows: 0, error: null },
    ...{ columns: null, keyColumns: [], keys: [], keysComplete: true, fetch: false, transaction: null },
    ...{ user: 'app', database: 'shop', application: 'web' },
    ...rest,
  };
}
