import type { Finding } from '../model/finding.js';
import { type CollectRequest, collect } from './collect.js';
import { detectLoops } from './detect.js';

/** Reads a workload and a database and gives what the rules about loops find. */
export async function findLoops(
  request: CollectRequest & { readonly rules: readonly string[]; readonly ignore: readonly string[] },
): Promise<readonly Finding[]> {
  return detectLoops(await collect(request), request);
}
