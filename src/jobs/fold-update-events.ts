import { z } from 'zod';
import { refuseFold } from './fold-update-events/check.js';
import { planFold } from './fold-update-events/plan.js';
import { sweepEvents } from './fold-update-events/sweep.js';
import type { JobKind } from './job.js';

const schema = z.strictObject({
  /** Most events of a batch. */
  batchSize: z.number().int().min(1).max(10_000).default(100),
});

/** Folds public.update_events into public.current_package_state and public.update_version_history. */
export const foldUpdateEvents: JobKind<z.infer<typeof schema>> = {
  kind: 'fold-update-events',
  summary: 'folds update events into the state of each package and the history of what was installed',
  replicas: {
    effect: 'one replica runs it at a time; each event is folded once, and folding one again would change nothing',
    limits: 'none',
  },
  schema,
  tables: () => ['public.update_events', 'public.current_package_state'],
  check: (context) => context.read(refuseFold),
  plan: (context, { batchSize }) => context.read((session) => planFold(session, context.ownSchema, batchSize)),
  async run(context, { batchSize }) {
    await sweepEvents(context, batchSize);
    return { failure: null, detail: null };
  },
};
