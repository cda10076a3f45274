import { StewardError } from '../../errors.js';
import type { JobPlan } from '../../model/job.js';
import type { JobContext } from '../job.js';
import { planPurge } from './plan-purge.js';
import type { PurgeRules } from './rules.js';
import { prepareTask, refuseConditions } from './task.js';

/** Says what keeps these rules from being carried out; null when nothing does. */
export function checkRules(context: JobContext, rules: PurgeRules): Promise<string | null> {
  return context.read(async (session) => {
    const task = await prepareTask(session, rules);
    return typeof task === 'string' ? task : refuseConditions(session, task, rules);
  });
}

/** Tells what a run would do by these rules, which have been checked. */
export function planRules(context: JobContext, rules: PurgeRules): Promise<JobPlan> {
  return context.read(async (session) => {
    const task = await prepareTask(session, rules);
    if (typeof task === 'string') throw new StewardError('configuration', task);
    return planPurge(session, task);
  });
}
