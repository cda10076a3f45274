import type { Node } from '@pgsql/types';
import type { LintRule } from './rule.js';
import { locationOf, read, statementsOf } from './wording.js';

/** A migration of one database changes what all databases of the server share. */
export const clusterGlobalObject: LintRule = {
  id: 'cluster-global-object',
  title: 'A migration changes what all databases of the server share',
  severity: 'warn',
  docs: {
    what: 'Statements on roles and their memberships, databases, tablespaces and the server’s settings.',
    why: 'These belong to the server, not to the database: a second database on it finds them there already and fails, a down file takes them away from the others, and managed servers refuse them.',
    limits:
      'Roles that are made within a DO block are passed by: that is how they are made only where they are missing.',
    sources: ['https://www.postgresql.org/docs/current/manage-ag-overview.html'],
  },
  check: (context) =>
    statementsOf(context).flatMap((statement) => {
      const what = sharedObjectOf(statement.tree);
      if (what === null) return [];
      return [
        {
          title: `It changes ${what}`,
          message: `${what} is shared by all databases of the server. Let whoever sets up the server do it, or look first whether it is needed, in a DO block.`,
          object: `${what}:${statement.text.replaceAll(/\s+/g, ' ').slice(0, 60)}`,
          location: locationOf(statement),
          proof: read('the kind of the statement'),
        },
      ];
    }),
};

const SHARED: Readonly<Record<string, string>> = {
  CreateRoleStmt: 'a role',
  AlterRoleStmt: 'a role',
  AlterRoleSetStmt: 'a role',
  DropRoleStmt: 'a role',
  GrantRoleStmt: 'the membership of a role',
  CreatedbStmt: 'a database',
  DropdbStmt: 'a database',
  AlterDatabaseStmt: 'a database',
  AlterDatabaseSetStmt: 'a database',
  CreateTableSpaceStmt: 'a tablespace',
  DropTableSpaceStmt: 'a tablespace',
  AlterTableSpaceOptionsStmt: 'a tablespace',
  AlterSystemStmt: 'the server’s settings',
};

function sharedObjectOf(tree: Node): string | null {
  const [kind = ''] = Object.keys(tree);
  return SHARED[kind] ?? null;
}
