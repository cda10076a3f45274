import { z } from 'zod';
import type { JobDefinition } from '../../src/jobs/definitions.js';

/** A job that does next to nothing: what is left is the cost of fires, claims and connections. */
export function idleJob(
  terms: Pick<JobDefinition, 'name' | 'schedule' | 'catchUp'> & { timezone?: string },
): JobDefinition {
  return {
    ...{ config: {}, catchUpMost: 24, overlap: 'skip', jitterSeconds: 0, timeoutSeconds: 60, dutyCycle: 1, ...terms },
    kind: {
      ...{ kind: 'idle', summary: 'does nothing', replicas: { effect: 'none', limits: 'none' }, schema: z.unknown() },
      check: async () => null,
      plan: () => Promise.reject(new Error('not planned')),
      run: async (context) => {
        await context.batch(async () => ({ counts: { done: 1 } }), { first: 1, least: 1, most: 1 });
        return { failure: null, detail: null };
      },
    },
  };
}
