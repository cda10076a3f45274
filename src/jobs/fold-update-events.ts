import { z } from 'zod';
import { refuseFold } from './fold-update-events/check.js';
import { existingTables, planFold } from './fold-update-events/plan.js';
import { compareAll, rebuildPackages } from './fold-update-events/rebuild.js';
import { sweepEvents } from './fold-update-events/sweep.js';
import type { JobKind } from './job.js';

/** Events whose packages are compared by one statement where nothing is written. */
const COMPARED_AT_ONCE = 2000;

const schema = z.strictObject({
  /** Most events of a batch. */
  batchSize: z.number().int().min(1).max(10_000).default(100),
  /** Compares every package with a fold of all its events afterwards, and mends what differs. */
  rebuild: z.boolean().default(false),
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
  withRebuild: (config) => ({ ...config, rebuild: true }),
  async plan(context, { batchSize, rebuild }) {
    const plan = await context.read((session) => planFold(session, context.ownSchema, batchSize));
    if (!rebuild) return plan;
    const tables = await context.read((session) => existingTables(session, context.ownSchema));
    const detail = await compareAll(context, tables, COMPARED_AT_ONCE);
    const rows = { ...plan.rows, compared: detail.compared, differing: detail.differing };
    return { ...plan, rows, kept: { 'without events': detail.withoutEvents }, detail };
  },
  async run(context, { batchSize, rebuild }) {
    await sweepEvents(context, batchSize);
    return { failure: null, detail: rebuild ? await rebuildPackages(context, batchSize) : null };
  },
};
