/** What kind of failure an error is; each kind has one exit status. */
export type ErrorCode = 'usage' | 'configuration' | 'database' | 'runtime';

const EXIT_STATUS: Readonly<Record<ErrorCode, number>> = { usage: 2, configuration: 2, database: 3, runtime: 3 };

/**
 * An error that a person can act on: `message` names what failed, on which object, with which value;
 * `hint` is the next thing to do.
 */
export class StewardError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | null;

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = 'StewardError';
    this.code = code;
    this.hint = options.hint ?? null;
  }

  get exitStatus(): number {
    return EXIT_STATUS[this.code];
  }
}

/** Gives the message of anything that was thrown. */
export function messageOf(thrown: unknown): string {
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Gives the SQLSTATE of an error that PostgreSQL raised, or null when it is none. */
export function sqlStateOf(thrown: unknown): string | null {
  if (!(thrown instanceof Error) || !('code' in thrown) || typeof thrown.code !== 'string') return null;
  // The system's own codes have letters alone: EPIPE.
  return /^(?=.*\d)[0-9A-Z]{5}$/.test(thrown.code) ? thrown.code : null;
}
