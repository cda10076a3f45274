import { messageOf, StewardError, sqlStateOf } from '../errors.js';
import { quoteIdentifier } from '../sql/quote.js';
import type { OwnTables } from './own-tables.js';

/** Gives an error of the server outside of any migration as one sentence with the next thing to do. */
export function explainDatabaseError(error: unknown, { schema }: OwnTables): unknown {
  const state = sqlStateOf(error);
  if (error instanceof StewardError || state === null) return error;
  const message = `the ledger in schema ${schema} cannot be used: ${messageOf(error)} (SQLSTATE ${state})`;
  return new StewardError('database', message, { hint: hintFor(state, quoteIdentifier(schema)), cause: error });
}

function hintFor(state: string, schema: string): string {
  switch (state) {
    case '42501':
      return `let an administrator run CREATE SCHEMA ${schema} AUTHORIZATION <this role>, or where it is there, ALTER SCHEMA ${schema} OWNER TO <this role>`;
    case '25006':
      return 'the server takes no changes: connect to the primary, not to a standby';
    case '57P01':
      return 'the server ended the connection: look at pgsteward migrate status, then run the command again';
    default:
      return 'see the server log, then run the command again';
  }
}
