import { z } from 'zod';
import { keepSchema, maxShareSchema } from '../purge/config.js';
import type { PurgeRules } from '../purge/rules.js';

/** What a retention is told: which tables, by which column a row's age counts, and how many days it is kept. */
export type RetainConfig = z.infer<typeof retainSchema>;

const name = z.string().min(1);
const days = z.number().int().min(0).max(36_500);

const tableSchema = z.strictObject({
  /** Column that says when the row came. */
  age: name.default('created_at'),
  /** How long a row is kept; 0: for ever. */
  days,
  /** Older rows that stay all the same. */
  keep: keepSchema,
});

/** Keys of the kind `retain`: one table, or several below `tables`. */
export const retainSchema = z
  .strictObject({
    table: name.optional(),
    age: name.default('created_at'),
    /** Of the one table; of several, by table, where it differs from what stands below `tables`. */
    days: z.union([days, z.record(name, days)]).optional(),
    keep: keepSchema,
    tables: z.record(name, tableSchema).optional(),
    maxShare: maxShareSchema,
  })
  .superRefine((config, context) => {
    const { table, tables, days: given } = config;
    const add = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    if (table === undefined && tables === undefined) add('table', 'expected a table here, or several below tables');
    if (table !== undefined && tables !== undefined) add('table', 'tables is given too: name this one among them');
    if (table !== undefined && typeof given !== 'number') add('days', 'expected a number of days; 0 keeps for ever');
    if (tables === undefined) return;
    if (typeof given === 'number') add('days', 'expected days by table: { app.logs: 30 }');
    if (typeof given === 'object')
      for (const unknown of Object.keys(given).filter((each) => !(each in tables)))
        add('days', `${unknown} does not stand below tables: ${Object.keys(tables).join(', ')}`);
  });

const DAY_SECONDS = 86_400;

/** Gives the rules for each table of which rows are to go; those kept for ever are not among them. */
export function rulesOfRetain(config: RetainConfig): readonly PurgeRules[] {
  const { maxShare } = config;
  return tablesOf(config).flatMap(({ table, age, days: kept, keep }) => {
    if (kept === 0) return [];
    const rule = { reason: 'old', age: { column: age, seconds: kept * DAY_SECONDS }, where: null };
    const lookalikes = [{ reason: 'withoutAge', column: age, is: 'null' as const }];
    return [{ table, rules: [rule], keep, lookalikes, maxShare }];
  });
}

function tablesOf({ table, age, days: given, keep, tables = {} }: RetainConfig) {
  const own = typeof given === 'object' ? given : {};
  if (table !== undefined && typeof given === 'number') return [{ table, age, days: given, keep }];
  return Object.entries(tables).map(([each, terms]) => ({ ...terms, table: each, days: own[each] ?? terms.days }));
}
