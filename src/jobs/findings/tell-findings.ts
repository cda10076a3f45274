import { z } from 'zod';
import type { AdviceReport } from '../../model/advice.js';
import type { Counts } from '../../model/job.js';
import type { KeptFinding } from '../../model/kept-finding.js';
import type { Figure, RunContext } from '../job.js';
import { KeptFindings } from './kept-findings.js';
import { sendFindings } from './webhook.js';

/** Where new findings are sent; null: to the log alone. */
export const webhookSchema = z
  .strictObject({
    url: z.url({ protocol: /^https?$/, message: 'expected a URL that begins with https:// or http://' }),
    secret: z.string().min(16, 'expected a secret of at least 16 characters'),
    timeoutSeconds: z.number().positive().max(60).default(10),
    retries: z.number().int().min(0).max(10).default(4),
  })
  .nullable()
  .default(null);

/** What a run has found. */
export interface Found extends Pick<AdviceReport, 'findings' | 'skippedRules'> {
  /** Added to the run's counts. */
  readonly counts: Counts;
}

const ONE = { first: 1, least: 1, most: 1 };

/**
 * Keeps what `find` gives and tells of what is new, once; null, or why the webhook did not take it. After a lost
 * connection a run begins again: what it has kept by then is not gathered, nor counted, twice.
 */
export async function tellFindings(
  context: RunContext,
  webhook: z.infer<typeof webhookSchema>,
  find: () => Promise<Found>,
): Promise<string | null> {
  const cursor = context.run.cursor as { readonly keptBy?: string } | null;
  if (cursor?.keptBy !== context.run.id) await keep(context, await find());
  return announce(context, webhook);
}

async function keep({ batch, job, ownSchema, run }: RunContext, found: Found): Promise<void> {
  const kept = new KeptFindings(ownSchema);
  await batch(async (session) => {
    const { resolved } = await kept.keep(session, job, found);
    const unannounced = await kept.unannounced(session, job);
    return {
      counts: { ...found.counts, new: unannounced.length, resolved },
      cursor: { keptBy: run.id },
      figures: unannounced.map(figureOf),
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
async function announce(context: RunContext, webhook: z.infer<typeof webhookSchema>): Promise<string | null> {
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
