import { z } from 'zod';
import type { AdviseRequest } from '../advise/run.js';
import { StewardError } from '../errors.js';
import type { AdviceReport } from '../model/advice.js';
import type { KeptFinding } from '../model/kept-finding.js';
import { silentProgress } from '../model/progress.js';
import { toolVersion } from '../tool-version.js';
import { KeptFindings } from './advise/kept-findings.js';
import { sendFindings } from './advise/webhook.js';
import type { Figure, JobKind, RunContext } from './job.js';

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
  /** Where new findings are sent; null: to the log alone. */
  webhook: z
    .strictObject({
      url: z.url({ protocol: /^https?$/, message: 'expected a URL that begins with https:// or http://' }),
      secret: z.string().min(16, 'expected a secret of at least 16 characters'),
      timeoutSeconds: z.number().positive().max(60).default(10),
      retries: z.number().int().min(0).max(10).default(4),
    })
    .nullable()
    .default(null),
});

/** Keys of scheduled advice. */
export type AdviseConfig = z.infer<typeof schema>;

/** Gives one report of advice. */
export type Advice = (request: AdviseRequest) => Promise<AdviceReport>;

const ONE = { first: 1, least: 1, most: 1 };

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
      if (!isKept(context)) await keep(context, await advise(requestOf(context, config)));
      return { failure: await announce(context, config), detail: null };
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

/** After a lost connection a run begins again: what it has kept is not gathered, nor counted, twice. */
function isKept({ run }: RunContext): boolean {
  return (run.cursor as { readonly keptBy?: string } | null)?.keptBy === run.id;
}

async function keep({ batch, job, ownSchema, run }: RunContext, report: AdviceReport): Promise<void> {
  const kept = new KeptFindings(ownSchema);
  await batch(async (session) => {
    const { resolved } = await kept.keep(session, job, report);
    const found = await kept.unannounced(session, job);
    return {
      counts: { found: report.findings.length, new: found.length, resolved },
      cursor: { keptBy: run.id },
      figures: found.map(figureOf),
    };
  }, ONE);
}

function figureOf({ ruleId, severity }: KeptFinding): Figure {
  return { name: 'findings_new', labels: { rule: ruleId, severity }, value: 1 };
}

/**
 * Tells of what nobody has been told of, then notes that under the run's fence. A worker that dies in between leaves it
 * to the next run, which sends it under the same id.
 */
async function announce(context: RunContext, { webhook }: AdviseConfig): Promise<string | null> {
  const { job, target, ownSchema, log, signal } = context;
  const kept = new KeptFindings(ownSchema);
  const findings = await context.read((session) => kept.unannounced(session, job));
  if (findings.length === 0) return null;
  for (const { key, ruleId, severity, title } of findings)
    log.warn({ job, target, key, ruleId, severity, title }, 'new finding');
  if (webhook !== null) {
    const refusal = await sendFindings(webhook, { job, target, findings }, signal);
    if (refusal !== null)
      return `${findings.length} new findings are kept, but the webhook at ${new URL(webhook.url).host} did not take them: ${refusal}`;
  }
  await context.batch(async (session) => {
    await kept.markAnnounced(session, job, findings);
    return { counts: { announced: findings.length } };
  }, ONE);
  return null;
}
