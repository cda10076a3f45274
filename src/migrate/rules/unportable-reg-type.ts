import type { LintRule } from './rule.js';
import { finished, lastPart, originOf } from './wording.js';

/** A column stands in the way of the next major. */
export const unportableRegType: LintRule = {
  id: 'unportable-reg-type',
  title: 'A column stands in the way of an upgrade',
  severity: 'warn',
  docs: {
    what: 'Columns of the finished schema of the types regproc, regprocedure, regoper, regoperator, regconfig, regdictionary, regnamespace and regcollation.',
    why: 'They hold object ids, which another server gives anew: pg_upgrade refuses a database that has such a column.',
    limits: 'regclass, regrole and regtype are let through and passed by.',
    sources: ['https://www.postgresql.org/docs/current/pgupgrade.html'],
  },
  check: (context) =>
    context.final.objects.columns
      .filter(({ type }) => /^reg(proc|procedure|oper|operator|config|dictionary|namespace|collation)\b/.test(type))
      .map(({ table, column, name, type }) => ({
        title: `${table}.${column} is ${type}`,
        message: `pg_upgrade refuses a database with a column of the type ${type}. Keep the name as text and cast it where it is used.`,
        object: `${table}.${column}`,
        relations: [table],
        location: originOf(context, [lastPart(table), name]),
        proof: finished(context),
      })),
};
