import { StewardError } from '../errors.js';

/** Where statements are read from. */
export type WorkloadSpec = { readonly kind: 'pgss' } | { readonly kind: 'sql'; readonly path: string };

/** Gives the meaning of a `--workload` value; a StewardError of code `usage` where it has none. */
export function parseWorkloadSpec(spec: string): WorkloadSpec {
  if (spec === 'pgss') return { kind: 'pgss' };
  const path = /^sql:(.*)$/s.exec(spec)?.[1];
  if (path === undefined) {
    throw new StewardError('usage', `"${spec}" is no workload that can be read`, {
      hint: 'pass --workload pgss, or --workload sql:PATH with a .sql file, a folder of them or a pattern',
    });
  }
  if (path.trim() === '') {
    throw new StewardError('usage', 'the workload "sql:" names no path', {
      hint: 'pass --workload sql:PATH with a .sql file, a folder of them or a pattern',
    });
  }
  return { kind: 'sql', path };
}
