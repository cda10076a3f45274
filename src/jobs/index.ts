import type { JobKind } from './job.js';

/** Every kind of job there is. */
export const jobKinds: readonly JobKind<unknown>[] = [];
