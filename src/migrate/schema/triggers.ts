import {
  comment,
  isOwnObject,
  isUserSchema,
  type ObjectQuery,
  objectColumns,
  relationKey,
  roleName,
} from './fragments.js';

/** Triggers but for PostgreSQL's own, for what a partition has from its parent, and for pgsteward's guards. */
export const triggers: ObjectQuery = () => `
  ${objectColumns({
    type: "'trigger'",
    name: onRelation('trigger.tgname'),
    parent: relationKey('space', 'class'),
    attributes: {
      definition: 'pg_catalog.pg_get_triggerdef(trigger.oid)',
      enabled: enabled('trigger.tgenabled'),
    },
    notes: { comment: comment('pg_trigger', 'trigger.oid') },
  })}
    FROM pg_catalog.pg_trigger AS trigger
    JOIN pg_catalog.pg_class AS class ON class.oid = trigger.tgrelid
    JOIN pg_catalog.pg_namespace AS space ON space.oid = class.relnamespace
    JOIN pg_catalog.pg_proc AS routine ON routine.oid = trigger.tgfoid
    JOIN pg_catalog.pg_namespace AS routine_space ON routine_space.oid = routine.pronamespace
   WHERE NOT trigger.tgisinternal AND trigger.tgparentid = 0 AND ${isUserSchema('space')}
     AND routine_space.nspname <> $1
     AND ${isOwnObject('pg_class', 'class.oid')} AND ${isOwnObject('pg_trigger', 'trigger.oid')}`;

/** Rules that rewrite statements; a view's own is its definition. */
export const rules: ObjectQuery = () => `
  ${objectColumns({
    type: "'rule'",
    name: onRelation('rule.rulename'),
    parent: relationKey('space', 'class'),
    attributes: { definition: 'pg_catalog.pg_get_ruledef(rule.oid)', enabled: enabled('rule.ev_enabled') },
    notes: { comment: comment('pg_rewrite', 'rule.oid') },
  })}
    FROM pg_catalog.pg_rewrite AS rule
    JOIN pg_catalog.pg_class AS class ON class.oid = rule.ev_class
    JOIN pg_catalog.pg_namespace AS space ON space.oid = class.relnamespace
   WHERE rule.rulename <> '_RETURN' AND ${isUserSchema('space')} AND ${isOwnObject('pg_class', 'class.oid')}`;

/** Policies of row-level security. */
export const policies: ObjectQuery = () => `
  ${objectColumns({
    type: "'policy'",
    name: onRelation('policy.polname'),
    parent: relationKey('space', 'class'),
    attributes: {
      command: `CASE policy.polcmd WHEN 'r' THEN 'select' WHEN 'a' THEN 'insert' WHEN 'w' THEN 'update' WHEN 'd' THEN 'delete' ELSE 'all' END`,
      kind: `CASE WHEN policy.polpermissive THEN 'permissive' ELSE 'restrictive' END`,
      roles: `SELECT pg_catalog.string_agg(CASE role WHEN 0 THEN 'PUBLIC' ELSE ${roleName('role')} END, ', '
                                           ORDER BY ${roleName('role')})
                FROM pg_catalog.unnest(policy.polroles) AS role`,
      using: 'pg_catalog.pg_get_expr(policy.polqual, policy.polrelid)',
      check: 'pg_catalog.pg_get_expr(policy.polwithcheck, policy.polrelid)',
    },
    notes: { comment: comment('pg_policy', 'policy.oid') },
  })}
    FROM pg_catalog.pg_policy AS policy
    JOIN pg_catalog.pg_class AS class ON class.oid = policy.polrelid
    JOIN pg_catalog.pg_namespace AS space ON space.oid = class.relnamespace
   WHERE ${isUserSchema('space')} AND ${isOwnObject('pg_class', 'class.oid')}`;

/** Event triggers. */
export const eventTriggers: ObjectQuery = () => `
  ${objectColumns({
    type: "'event trigger'",
    name: 'pg_catalog.quote_ident(trigger.evtname)',
    attributes: {
      event: 'trigger.evtevent',
      tags: `pg_catalog.array_to_string(trigger.evttags, ', ')`,
      function: 'trigger.evtfoid::pg_catalog.regprocedure',
      enabled: enabled('trigger.evtenabled'),
      owner: roleName('trigger.evtowner'),
    },
    notes: { comment: comment('pg_event_trigger', 'trigger.oid') },
  })}
    FROM pg_catalog.pg_event_trigger AS trigger
    JOIN pg_catalog.pg_proc AS routine ON routine.oid = trigger.evtfoid
    JOIN pg_catalog.pg_namespace AS space ON space.oid = routine.pronamespace
   WHERE space.nspname <> $1 AND ${isOwnObject('pg_event_trigger', 'trigger.oid')}`;

function onRelation(name: string): string {
  return `pg_catalog.format('%I.%I.%I', space.nspname, class.relname, ${name})`;
}

function enabled(state: string): string {
  return `CASE ${state} WHEN 'O' THEN 'yes' WHEN 'D' THEN 'no' WHEN 'R' THEN 'on replicas' ELSE 'always' END`;
}
