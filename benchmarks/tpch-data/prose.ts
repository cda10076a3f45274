import type { SeededSql } from '../../src/fleet/randomness.js';

const WORDS = (
  'the a of and under over near across after before quickly slowly gently boldly calmly rarely evenly brightly ' +
  'orders parcels deposits accounts invoices ledgers packages shipments pallets crates harbours clerks drivers ' +
  'wait travel settle arrive depart linger balance gather scatter return ' +
  'regular final pending silent ironic careful express quiet heavy light early late'
).split(' ');

const SENTENCES = 64;
/** Longest comment (198) and room for where it begins. */
const SENTENCE_LENGTH = 260;
const STARTS = 60;

/** Comments of random length, cut from a pool of sentences that depends on nothing. */
export class Prose {
  private readonly random: SeededSql;
  private readonly pool: string;

  constructor(random: SeededSql) {
    this.random = random;
    this.pool = Array.from({ length: SENTENCES }, (_, place) => `'${sentence(place)}'`).join(', ');
  }

  /** An SQL expression: text of `min` to `max` characters for row `n`. */
  comment(label: string, { min, max }: { readonly min: number; readonly max: number }): string {
    const { random } = this;
    const sentenceOf = `(ARRAY[${this.pool}])[1 + floor(${SENTENCES} * ${random.unit(`${label} sentence`)})::int]`;
    const start = `1 + floor(${STARTS} * ${random.unit(`${label} start`)})::int`;
    const length = `${min} + floor(${max - min + 1} * ${random.unit(`${label} length`)})::int`;
    return `substr(${sentenceOf}, ${start}, ${length})`;
  }
}

/** Words in an order that a small linear congruence gives (Numerical Recipes' constants). */
function sentence(place: number): string {
  let state = (place + 1) * 2_654_435_761;
  let text = '';
  while (text.length < SENTENCE_LENGTH) {
    state = (Math.imul(state >>> 0, 1_664_525) + 1_013_904_223) >>> 0;
    text += `${WORDS[(state >>> 8) % WORDS.length]} `;
  }
  return text;
}
