import type { Advisor } from './advisor.js';
import { missingIndex } from './missing-index.js';

/** Every rule about workloads and schemas, in the order in which they run. */
export const advisors: readonly Advisor[] = [missingIndex];
