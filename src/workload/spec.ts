import { StewardError } from '../errors.js';

/** Where statements are read from. */
export type WorkloadSpec =
  | { readonly kind: 'pgss' }
  | { readonly kind: 'sql'; readonly path: string }
  | { readonly kind: 'log'; readonly path: string };

const KNOWN = 'pass --workload pgss, --workload sql:PATH with .sql files, or --workload log:PATH with a server’s log';

/** Gives the meaning of a `--workload` value; a StewardError of code `usage` where it has none. */
export function parseWorkloadSpec(spec: string): WorkloadSpec {
  if (spec === 'pgss') return { kind: 'pgss' };
  const [, kind, path = ''] = /^(sql|log):(.*)$/s.exec(spec) ?? [];
  if (kind !== 'sql' && kind !== 'log')
    throw new StewardError('usage', `"${spec}" is no workload that can be read`, { hint: KNOWN });
  if (path.trim() !== '') return { kind, path };
  throw new StewardError('usage', `the workload "${kind}:" names no path`, {
    hint: `pass --workload ${kind}:PATH with a file, a folder of them or a pattern`,
  });
}
