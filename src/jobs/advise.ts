import { z } from 'zod';
import type { AdviseRequest } from '../advise/run.js';
import { StewardError } from '../errors.js';
import type { AdviceReport } from '../model/advice.js';
import { silentProgress } from '../model/progress.js';
import { toolVersion } from '../tool-version.js';
import { tellFindings, webhookSchema } from './findings/tell-findings.js';
import type { JobKind, RunContext } from './job.js';

const schema = z.strictObject({
  /** Where the statements come from, as `advise --workload` takes it. */
  workload: z.array(z.string().min(1)).min(1).default(['pgss']),
  planner: z.enum(['twin', 'hypopg', 'target']).default('twin'),
  /** Ids of the rules to run; none: all. */
  rules: z.array(z.string().min(1)).default([]),
  /** Keys of findings to leave out. */
  ignore: z.array(z.string().min(1)).default([]),
  maxIndexBytes: z.number().positive().nullable().default(null),
  maxIndexColumns: z.number().int().min(1).max(32).default(4),
  statementTimeoutSeconds: z.number().positive().max(3600).default(5),
  webhook: webhookSchema,
});

/** Keys of scheduled advice. */
export type AdviseConfig = z.infer<typeof schema>;

/** Gives one report of advice. */
export type Advice = (request: AdviseRequest) => Promise<AdviceReport>;

/** Runs advice on its target and keeps what it finds. */
export const adviseKind: JobKind<AdviseConfig> = createAdviseKind(async (request) => {
  const { advise } = await import('../advise/run.js');
  return advise(request);
});

/** Makes the kind from what gives advice. */
export function createAdviseKind(advise: Advice): JobKind<AdviseConfig> {
  return {
    kind: 'advise',
    summary: 'runs advise on the target, keeps its findings, and tells of new ones once',
    replicas: {
      effect: 'one replica runs it at a time and tells of what is new; the others see what it has kept',
      limits: 'the time-out of a statement is per run, whichever replica has it',
    },
    schema,
    check: async (_, { rules }) => {
      const { checkRules } = await import('../advise/detect.js');
      try {
        checkRules(rules);
        return null;
      } catch (error) {
        if (error instanceof StewardError) return error.message;
        throw error;
      }
    },
    plan: async () => ({
      strategy: 'advise',
      why: 'schema, statistics and statements are read in read-only transactions; nothing but findings is written',
      ...{ rows: { total: 0 }, kept: {}, batches: 2, walBytes: 0, seconds: 0 },
    }),
    run: async (context, config) => {
      const find = async () => {
        const report = await advise(requestOf(context, config));
        return { ...report, counts: { found: report.findings.length } };
      };
      return { failure: await tellFindings(context, config.webhook, find), detail: null };
    },
  };
}

function requestOf({ url, signal }: RunContext, config: AdviseConfig): AdviseRequest {
  const { workload, planner, rules, ignore, maxIndexBytes, maxIndexColumns, statementTimeoutSeconds } = config;
  return {
    ...{
      url,
      signal,
      workload,
      planner,
      rules,
      ignore,
      indexBytesMax: maxIndexBytes,
      indexColumnsMax: maxIndexColumns,
    },
    ...{ statementTimeoutMs: statementTimeoutSeconds * 1000, version: toolVersion(), progress: silentProgress },
    now: () => new Date(),
  };
}
