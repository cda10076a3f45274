import type { JobKind } from './job.js';
import { plainTable } from './plain-table.js';
import { checkRules, planRules } from './purge/check-rules.js';
import { type PurgeConfig, purgeSchema, rulesOfPurge } from './purge/config.js';
import { purgeTable } from './purge/purge-table.js';
import { agesOf } from './purge/rules.js';

/** Deletes rows that have expired, were revoked or meet a condition, in batches that nobody feels. */
export const purge: JobKind<PurgeConfig> = {
  kind: 'purge',
  summary: 'delete rows of a table that are dead: expired, revoked, or met by a condition',
  replicas: {
    effect:
      'one run at a time; a second, were there one, would skip the rows that the first has locked and find the others gone',
    limits: 'maxShare holds for each run by itself',
  },
  schema: purgeSchema,
  tables: ({ table }) => [table],
  // What one of two keeps, or the share at which it stops, the other would not know of.
  sole: (config) => [`purge ${plainTable(config.table)}`, ...agesOf([rulesOfPurge(config)])],
  check: (context, config) => checkRules(context, rulesOfPurge(config)),
  async plan(context, config) {
    const plan = await planRules(context, rulesOfPurge(config));
    // Where revoked rows wait for their expiry none goes as revoked, and the plan says that too.
    return config.revokedAt === undefined ? plan : { ...plan, rows: { revoked: 0, ...plan.rows } };
  },
  async run(context, config) {
    const place = { place: context.run.cursor, cursorOf: (cursor: unknown) => cursor };
    return { failure: await purgeTable(context, rulesOfPurge(config), place), detail: null };
  },
};
