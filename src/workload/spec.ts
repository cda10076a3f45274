import { StewardError } from '../errors.js';

/** Where statements are read from. */
export type WorkloadSpec =
  | { readonly kind: 'pgss' }
  | { readonly kind: 'sql'; readonly path: string }
  | { readonly kind: 'log'; readonly path: string }
  | { readonly kind: 'trace'; readonly path: string };

const KNOWN =
  'pass --workload pgss, sql:PATH with .sql files, log:PATH with a server’s log, or trace:PATH with a recording or a trace';

/** Gives the meaning of a `--workload` value; a StewardError of code `usage` where it has none. */
export function parseWorkloadSpec(spec: string): WorkloadSpec {
  if (spec === 'pgss') return { kind: 'pgss' };
  const [, kind, path = ''] = /^(sql|log|trace):(.*)$/s.exec(spec) ?? [];
  if (kind !== 'sql' && kind !== 'log' && kind !== 'trace')
    throw new StewardError('usage', `"${spec}" is no workload that can be read`, { hint: KNOWN });
  if (path.trim() !== '') return { kind, path };
  throw new StewardError('usage', `the workload "${kind}:" names no path`, {
    hint: `pass --workload ${kind}:PATH with a file, a folder of them or a pattern`,
  });
}
