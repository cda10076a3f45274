import { messageOf, StewardError } from '../errors.js';
import { explainDatabaseFailure } from '../postgres/database-failure.js';

/** What a person reads of a failed command, and the program's exit status. */
export interface Failure {
  readonly text: string;
  readonly exitStatus: number;
}

/** Words a failure: what failed and the next thing to do, with the stack only where it is asked for, never a password. */
export function describeFailure(thrown: unknown, options: { readonly withStack: boolean }): Failure {
  const known = thrown instanceof StewardError ? thrown : explainDatabaseFailure(thrown);
  const hint =
    known === null
      ? 'this is a fault of pgsteward; run again with --log-level debug and report what it prints'
      : known.hint;
  const lines = [
    // Arguments and settings are repeated in messages; hints hold examples alone.
    withoutPasswords(`pgsteward: ${known?.message ?? messageOf(thrown)}`),
    ...(hint === null ? [] : [`  ${hint}`]),
    ...(options.withStack ? stacksOf(thrown).map(withoutPasswords) : []),
  ];
  return { text: `${lines.join('\n')}\n`, exitStatus: known?.exitStatus ?? 3 };
}

function stacksOf(thrown: unknown): readonly string[] {
  if (!(thrown instanceof Error)) return [];
  return [thrown.stack ?? thrown.message, ...stacksOf(thrown.cause)];
}

/** Blots out passwords in whatever looks like a URL. */
function withoutPasswords(text: string): string {
  return text.replace(/(:\/\/[^\s:/@]*:)[^/\n]*@/g, '$1***@').replace(/([?&]password=)[^\s&"']*/gi, '$1***');
}
