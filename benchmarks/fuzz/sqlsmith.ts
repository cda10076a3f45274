import { spawnSync } from 'node:child_process';

const OUTPUT_BYTES_MAX = 1 << 29;

/**
 * Gives statements by chance about the tables of a database, written by sqlsmith (Debian's package of that name) without
 * running them; null where it is not installed or did not come to an end.
 */
export function sqlsmithStatements(
  databaseUrl: string,
  { count, seed }: { readonly count: number; readonly seed: number },
): readonly string[] | null {
  const { status, stdout } = spawnSync(
    'sqlsmith',
    [`--target=${databaseUrl}`, '--exclude-catalog', '--dry-run', `--max-queries=${count}`, `--seed=${seed}`],
    { encoding: 'utf8', maxBuffer: OUTPUT_BYTES_MAX, stdio: ['ignore', 'pipe', 'ignore'], timeout: 300_000 },
  );
  if (status !== 0) return null;
  return stdout.split(/;\s*\n/).flatMap((text) => (text.trim() === '' ? [] : [text.trim()]));
}
