import type { Random } from '../random.js';

/**
 * Gives sets of values in the mix in which applications call: the common one in half of the calls, one from the middle
 * in a quarter, a rare one, and one that no row has, where the kind of value allows one to be made. Takes the sets as
 * statistics give them, the most common values first; each kind stands among the first, so that a short run meets all.
 */
export function skewedSets(sets: readonly (readonly unknown[])[], random: Random): readonly (readonly unknown[])[] {
  const [hot, middle, rare] = sets;
  if (hot === undefined || middle === undefined || rare === undefined || sets.length !== 3) return sets;
  if (new Set(sets.map((set) => JSON.stringify(set))).size === 1) return [hot];
  const missing = hot.map((value) => missingValue(value, random));
  const hasMissing = missing.some((value, index) => value !== hot[index]);
  return [hot, middle, rare, hasMissing ? missing : rare, hot, hot, middle, hot];
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const DIGEST = /^[0-9a-f]{32,}$/i;

/** Another identifier or digest of the same form; other values stay, for a number could be a limit or an offset. */
function missingValue(value: unknown, random: Random): unknown {
  if (typeof value !== 'string' || !(UUID.test(value) || DIGEST.test(value))) return value;
  return value.replace(/[0-9a-f]/gi, () => Math.floor(random() * 16).toString(16));
}
