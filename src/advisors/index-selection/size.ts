import type { IndexSpec, Planner } from '../../model/planner.js';

/** Gives the bytes that indexes take together. */
export async function sizeOf(set: readonly IndexSpec[], planner: Planner): Promise<number> {
  let sizeBytes = 0;
  for (const index of set) sizeBytes += (await planner.size(index)).sizeBytes;
  return sizeBytes;
}
