import { messageOf, StewardError, sqlStateOf } from '../errors.js';

/** Turns a refused connection into one sentence with the next thing to do; the password never appears. */
export function explainConnectError(url: string, error: unknown): StewardError {
  if (error instanceof StewardError) return error;
  const place = describeTarget(url);
  const { message, hint } = wordsFor(place, error);
  return new StewardError('database', message, { hint, cause: error });
}

interface Words {
  readonly message: string;
  readonly hint: string;
}

function wordsFor(place: string, error: unknown): Words {
  const state = sqlStateOf(error);
  if (state !== null) return wordsForSqlState(place, state, messageOf(error));
  // The client's own words for a password that it was not given.
  if (/client password must be a string/.test(messageOf(error))) {
    return {
      message: `the server at ${place} asks for a password and none is given`,
      hint: 'write it into the URL, postgres://user:password@host:5432/database, or set PGPASSWORD',
    };
  }
  if (/\b(SSL|TLS|certificate)\b/i.test(messageOf(error))) {
    return {
      message: `the connection to ${place} cannot be encrypted as it was asked for: ${messageOf(error)}`,
      hint: 'check sslmode and sslrootcert in the database URL, and PGSSLMODE',
    };
  }
  const reason = networkReason(error);
  return {
    message: `no PostgreSQL answers at ${place}: ${reason}`,
    hint: 'check host and port, that the server runs, and pass another one with --database-url',
  };
}

function wordsForSqlState(place: string, state: string, message: string): Words {
  switch (state) {
    case '28P01':
    case '28000':
      return {
        message: `the server at ${place} refuses the login: ${message}`,
        hint: 'check user and password in --database-url or DATABASE_URL, and pg_hba.conf on the server',
      };
    case '3D000':
      return {
        message: `${message} at ${place}`,
        hint: 'list the databases with psql -l, and name one in --database-url',
      };
    case '42501':
      return {
        message: `the server at ${place} does not let this role in: ${message}`,
        hint: 'GRANT CONNECT ON DATABASE … to the role, or name another one in --database-url',
      };
    case '08P01':
      return {
        message: `the server at ${place} refuses the settings of the connection: ${message}`,
        hint: 'name the PostgreSQL server itself, not a connection pooler in front of it',
      };
    case '53300':
      return {
        message: `the server at ${place} has no connection left: ${message}`,
        hint: 'end idle sessions or raise max_connections, then run the command again',
      };
    case '57P03':
      return {
        message: `the server at ${place} is not ready: ${message}`,
        hint: 'wait until it has started, then run the command again',
      };
    default:
      return {
        message: `the server at ${place} refuses the connection: ${message} (SQLSTATE ${state})`,
        hint: 'see the server log',
      };
  }
}

function networkReason(error: unknown): string {
  if (error instanceof AggregateError && error.errors.length > 0) return networkReason(error.errors[0]);
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ECONNREFUSED':
      return 'connection refused';
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'the host name is not known';
    case 'ENOENT':
      return 'there is no such socket';
    case 'ETIMEDOUT':
      return 'no answer in time';
    default:
      return /timeout/.test(messageOf(error)) ? 'no answer in time' : messageOf(error);
  }
}

/** Names host, port and database of a URL, without user and password. */
export function describeTarget(url: string): string {
  const parsed = parseTarget(url);
  if (parsed === null) return 'the given database URL';
  if (parsed.protocol === 'socket:') return `${decoded(parsed.pathname)}/${parsed.searchParams.get('db') ?? ''}`;
  const host = parsed.searchParams.get('host') ?? (decoded(parsed.hostname) || 'localhost');
  const port = parsed.searchParams.get('port') ?? (parsed.port || '5432');
  return `${host}:${port}${decoded(parsed.pathname)}`;
}

/** Reads a database URL as the client does, or gives null where it is none; `postgres://user@/name?host=…` is one. */
export function parseTarget(url: string): URL | null {
  try {
    const parsed = new URL(url.trim().replaceAll(' ', '%20').replace('@/', '@localhost/'));
    return /^(postgres(ql)?|socket):$/.test(parsed.protocol) ? parsed : null;
  } catch {
    return null;
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
