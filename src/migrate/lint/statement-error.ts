import { messageOf, sqlStateOf } from '../../errors.js';
import type { StatementError } from './observation.js';

/** Reads an error that PostgreSQL raised; anything else is thrown again. */
export function statementErrorOf(thrown: unknown): StatementError {
  const sqlState = sqlStateOf(thrown);
  if (sqlState === null) throw thrown;
  const fields = thrown as Partial<Record<'detail' | 'table' | 'column' | 'constraint', unknown>>;
  const field = (name: keyof typeof fields) => {
    const value = fields[name];
    return typeof value === 'string' && value !== '' ? value : null;
  };
  return {
    sqlState,
    message: messageOf(thrown),
    detail: field('detail'),
    table: field('table'),
    column: field('column'),
    constraint: field('constraint'),
  };
}

/** Classes 22 (data exception), 23 (integrity constraint violation) and P0 (raised by a trigger): rows stand in the way. */
export function isDataError({ sqlState }: StatementError): boolean {
  return /^(22|23|P0)/.test(sqlState);
}

/** Gives the role that an error says is not there, or null. */
export function missingRoleOf({ sqlState, message }: StatementError): string | null {
  // SET ROLE says that the value of a setting is wrong.
  if (sqlState !== '42704' && sqlState !== '22023') return null;
  return /^role "(.+)" does not exist$/.exec(message)?.[1] ?? null;
}

/** Gives the extension that this server does not have, or null. */
export function missingExtensionOf({ sqlState, message }: StatementError): string | null {
  if (sqlState !== '0A000' && sqlState !== '58P01' && sqlState !== 'F0000' && sqlState !== '22023') return null;
  return /^extension "(.+)" is not available/.exec(message)?.[1] ?? null;
}
