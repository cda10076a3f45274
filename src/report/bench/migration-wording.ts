import type { BenchLock, BenchReport } from '../../model/bench.js';
import { lockModeWords } from '../lock-mode.js';
import { formatDuration, plural } from '../units.js';

/** More than these a sentence does not carry; the JSON report has them all. */
const LOCKS_NAMED_MAX = 5;

/** Says how long the migrations took on the clone and what they locked; nothing where two databases were given. */
export function migrationSentences({ migrationMs = null, migrationLocks = null }: BenchReport): readonly string[] {
  if (migrationMs === null) return [];
  const took = `The migrations took ${formatDuration(migrationMs)} on a clone without load.`;
  return migrationLocks === null ? [took] : [took, locksSentence(migrationLocks)];
}

function locksSentence(locks: readonly BenchLock[]): string {
  if (locks.length === 0) return 'No lock of theirs was seen on a table that was there before.';
  const named = locks.slice(0, LOCKS_NAMED_MAX).map(lockWords);
  const more = locks.length - named.length;
  return `They locked ${named.join(', ')}${more === 0 ? '' : ` and ${plural(more, 'table')} more for less`}.`;
}

function lockWords({ relation, mode, stops, times, heldMs }: BenchLock): string {
  const often = times === 1 ? '' : `, ${times} times`;
  const upTo = times === 1 ? '' : 'up to ';
  return `${relation} for ${upTo}${formatDuration(heldMs)} (${lockModeWords(mode)}: ${stops} wait${often})`;
}
