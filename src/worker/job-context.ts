import type { JobDefinition } from '../jobs/definitions.js';
import type { JobContext } from '../jobs/job.js';
import type { Session } from '../postgres/session.js';
import type { RunMeans } from './run-claimed.js';
import type { Target } from './target.js';

interface ContextParts {
  readonly job: JobDefinition;
  readonly target: Target;
  readonly means: Pick<RunMeans, 'ownSchema' | 'log'>;
  readonly signal: AbortSignal;
  readonly session: () => Promise<Session>;
}

/** Gives a kind what it reads with. */
export function jobContext({ job, target, means, signal, session }: ContextParts): JobContext {
  return {
    ...{ job: job.name, target: target.name, url: target.url, ownSchema: means.ownSchema, log: means.log, signal },
    read: async (work) => {
      signal.throwIfAborted();
      return work(await session());
    },
  };
}
