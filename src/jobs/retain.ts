import { z } from 'zod';
import { messageOf, StewardError, sqlStateOf } from '../errors.js';
import type { Counts, JobPlan } from '../model/job.js';
import type { JobKind, RunContext } from './job.js';
import { checkRules, planRules } from './purge/check-rules.js';
import { purgeTable } from './purge/purge-table.js';
import { agesOf, type PurgeRules } from './purge/rules.js';
import { type RetainConfig, retainSchema, rulesOfRetain } from './retain/config.js';

/** Deletes rows that are older than a number of days, table by table; what fails with one does not keep the others. */
export const retain: JobKind<RetainConfig> = {
  kind: 'retain',
  summary: 'delete rows that are older than the days for which their table keeps them',
  replicas: {
    effect:
      'one run at a time; a second, were there one, would skip the rows that the first has locked and find the others gone',
    limits: 'maxShare holds for each run and table by itself',
  },
  schema: retainSchema,
  tables: (config) => rulesOfRetain(config).map(({ table }) => table),
  sole: (config) => agesOf(rulesOfRetain(config)),
  async check(context, config) {
    const refusals: string[] = [];
    const tables = rulesOfRetain(config);
    for (const rules of tables) {
      const refusal = await checkRules(context, rules);
      if (refusal === null) return null;
      refusals.push(refusal);
    }
    return refusals.length === 0 ? null : refusals.join('; ');
  },
  async plan(context, config) {
    const plans: TablePlan[] = [];
    for (const rules of rulesOfRetain(config)) {
      const refusal = await checkRules(context, rules);
      plans.push({ table: rules.table, refusal, plan: refusal === null ? await planRules(context, rules) : null });
    }
    return sumPlans(plans);
  },
  run: (context, config) => runTables(context, rulesOfRetain(config)),
};

type RetainCursor = z.infer<typeof cursorSchema>;

const cursorSchema = z.object({
  /** The table under way; those before it are done. */
  table: z.string(),
  place: z.unknown(),
  /** Why tables before it failed. */
  failed: z.record(z.string(), z.string()),
});

async function runTables(context: RunContext, tables: readonly PurgeRules[]) {
  const from = startOf(context.run.cursor, tables);
  const failed: Record<string, string> = { ...from?.failed };
  const first = tables.findIndex(({ table }) => table === from?.table);
  for (const rules of tables.slice(Math.max(0, first))) {
    const { table } = rules;
    const place = table === from?.table ? from.place : null;
    const cursorOf = (at: unknown): RetainCursor => ({ table, place: at, failed });
    const failure = await runTable(context, rules, { place, cursorOf });
    if (failure === null) continue;
    failed[table] = failure;
    context.log.warn({ job: context.job, table, reason: failure }, 'table could not be cleaned');
  }
  await context.batch(async () => ({ counts: { deleted: 0 }, cursor: null }), { first: 1, least: 1, most: 1 });
  const words = Object.entries(failed).map(([table, reason]) => `${table}: ${reason}`);
  if (words.length === 0) return { failure: null, detail: null };
  const share = tables.length === 1 ? '' : `${words.length} of ${tables.length} tables failed, the others are done; `;
  return { failure: `${share}${words.join('; ')}`, detail: null };
}

/** A place in a table that is not configured any more begins anew. */
function startOf(cursor: unknown, tables: readonly PurgeRules[]): RetainCursor | null {
  const read = cursorSchema.safeParse(cursor).data ?? null;
  return tables.some(({ table }) => table === read?.table) ? read : null;
}

async function runTable(context: RunContext, rules: PurgeRules, from: Parameters<typeof purgeTable>[2]) {
  try {
    return (await checkRules(context, rules)) ?? (await purgeTable(context, rules, from));
  } catch (error) {
    if (context.signal.aborted || !isOfTheTable(error)) throw error;
    return messageOf(error);
  }
}

/** What the server says about a statement, but not that it goes down or is a standby by now. */
function isOfTheTable(error: unknown): boolean {
  const state = sqlStateOf(error);
  if (state === null) return error instanceof StewardError && error.code === 'configuration';
  return !/^(08|57P|25006)/.test(state);
}

interface TablePlan {
  readonly table: string;
  readonly refusal: string | null;
  readonly plan: JobPlan | null;
}

function sumPlans(tables: readonly TablePlan[]): JobPlan {
  const rows: Record<string, number> = {};
  const kept: Record<string, number> = {};
  const total = { batches: 0, walBytes: 0, seconds: 0 };
  for (const { plan } of tables) {
    if (plan === null) continue;
    addTo(rows, plan.rows);
    addTo(kept, plan.kept);
    addTo(total, { batches: plan.batches, walBytes: plan.walBytes, seconds: plan.seconds });
  }
  const strategies = new Set(tables.flatMap(({ plan }) => plan?.strategy ?? []));
  const why = tables.map(({ table, plan, refusal }) =>
    plan === null ? `${table} fails: ${refusal}` : `${table}, ${plan.rows.total} rows by ${plan.strategy}: ${plan.why}`,
  );
  const strategy = strategies.size > 1 ? [...strategies].join(' and ') : ([...strategies][0] ?? null);
  return {
    ...{ strategy, why: why.length === 0 ? 'every table is kept for ever' : why.join('\n') },
    ...{ ...total, rows: { ...rows, total: rows['total'] ?? 0 }, kept },
  };
}

function addTo(sums: Record<string, number>, more: Counts): void {
  for (const [name, count] of Object.entries(more)) sums[name] = (sums[name] ?? 0) + count;
}
