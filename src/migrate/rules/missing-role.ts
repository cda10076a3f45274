import type { LintRule } from './rule.js';
import { listed, locationOf, observedOf, seen } from './wording.js';

/** A statement names a role that no migration makes. */
export const missingRole: LintRule = {
  id: 'missing-role',
  title: 'A role is named that no migration makes',
  severity: 'warn',
  docs: {
    what: 'GRANT, ALTER ... OWNER TO, CREATE POLICY and others that name a role which neither the server has from the start nor an earlier file creates.',
    why: 'The statement fails wherever nobody has made the role by hand, and takes its whole file with it: on a new database, in a test, after a disaster.',
    limits:
      'A role that is made outside of the migrations on every server is right to be missing here: say so with a directive, or name a database that has it with --database-url.',
    sources: ['https://www.postgresql.org/docs/current/sql-grant.html'],
  },
  check: (context) =>
    observedOf(context).flatMap(({ statement, missingRoles: all }) => {
      const missingRoles = all.filter((role) => context.known?.roles.has(role) !== true);
      return missingRoles.length === 0
        ? []
        : [
            {
              title: `The role ${listed(missingRoles)} is made nowhere`,
              message: `No migration creates ${listed(missingRoles)}, so the file fails on every server on which nobody has done so by hand. Create the role where it is missing before it is used: DO $$ BEGIN CREATE ROLE ${missingRoles[0]}; EXCEPTION WHEN duplicate_object THEN NULL; END $$.`,
              object: missingRoles.join(','),
              location: locationOf(statement),
              proof: seen(context, 'it failed with SQLSTATE 42704 until the role was made'),
            },
          ];
    }),
};
