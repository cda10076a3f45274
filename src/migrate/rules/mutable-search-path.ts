import type { LintRule } from './rule.js';
import { finished, lastPart, migrationFix, originOf } from './wording.js';

/** A function runs with its owner’s rights and with its caller’s names. */
export const mutableSearchPath: LintRule = {
  id: 'mutable-search-path',
  title: 'A SECURITY DEFINER function goes by its caller’s search_path',
  severity: 'warn',
  docs: {
    what: 'Functions and procedures of the finished schema that are SECURITY DEFINER and set no search_path.',
    why: 'Whoever may call it may put a table or an operator of the same name into a schema before the one that is meant, and have it run with the rights of the owner.',
    limits: 'Bodies that name everything with its schema, operators too, are safe and reported all the same.',
    sources: ['https://www.postgresql.org/docs/current/sql-createfunction.html#SQL-CREATEFUNCTION-SECURITY'],
  },
  check: (context) =>
    context.final.objects.definerRoutines.map((routine) => ({
      title: `${routine} goes by its caller’s search_path`,
      message: `${routine} runs with the rights of its owner, and what its names mean is up to who calls it. Give it a search_path of its own, with pg_temp at the end.`,
      object: routine,
      location: originOf(context, [lastPart(routine.replace(/\(.*$/s, ''))]),
      proof: finished(context),
      fix: migrationFix([`ALTER ROUTINE ${routine} SET search_path = ${routine.split('.')[0]}, pg_temp`]),
    })),
};
