import type { TrapCase } from '../trap-cases.js';

/** The values of a column that leads an index, each once. */
export const STEP_TRAPS: readonly TrapCase[] = [
  ['of words that are compared without case', 'SELECT DISTINCT word FROM words'],
  ['of words under a collation of their own', 'SELECT DISTINCT title FROM ranks'],
  ['of words under a collation of their own, counted', 'SELECT count(DISTINCT title) FROM plates'],
  ['of numbers of several scales', 'SELECT DISTINCT amount FROM prices ORDER BY amount'],
  ['of a table with heirs', 'SELECT DISTINCT id FROM crafts'],
  ['of an index of some rows', 'SELECT DISTINCT holder FROM hidden'],
  ['of an index in an order that ORDER BY has not', 'SELECT DISTINCT kind FROM boats WHERE kind IS NOT NULL'],
  ['of an index under another collation', 'SELECT DISTINCT name FROM boats'],
  ['that are put into another table', 'SELECT DISTINCT id INTO copy FROM boats'],
].map(([name = '', sql = '']): TrapCase => ({ name: `values ${name}`, sql, never: 'steps-over-keys' }));
