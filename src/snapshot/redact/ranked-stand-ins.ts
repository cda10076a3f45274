import type { Randomness } from './randomness.js';

/** A type whose values say nothing by their distances: only their order is kept. */
export interface RankedForm {
  /** Null for what has no place in the order. */
  parse(text: string): bigint | null;
  format(units: bigint, like: string): string;
  /** Stand-ins lie between these. */
  readonly from: bigint;
  readonly to: bigint;
}

const UUID: RankedForm = {
  parse: (text) => (/^[0-9a-f-]{36}$/.test(text) ? BigInt(`0x${text.replaceAll('-', '')}`) : null),
  format: (units) => hex(units, 32).replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
  from: 0n,
  to: 1n << 128n,
};

/** Host addresses of version 4 alone: networks have an order of their own. */
const INET: RankedForm = {
  parse(text) {
    const parts = /^(\d+)\.(\d+)\.(\d+)\.(\d+)$/.exec(text)?.slice(1);
    return parts === undefined ? null : parts.reduce((units, part) => units * 256n + BigInt(part), 0n);
  },
  format: (units) => [24n, 16n, 8n, 0n].map((shift) => String((units >> shift) & 255n)).join('.'),
  from: 1n << 24n,
  to: 224n << 24n,
};

/** Bytes that are compared, of which the first ones of a stand-in tell its rank. */
const COMPARED_BYTES = 8;

const BYTEA: RankedForm = {
  parse: (text) => (text.startsWith('\\x') ? BigInt(`0x1${text.slice(2, 2 + 2 * 1024).padEnd(2048, '0')}`) : null),
  format: (units, like) => `\\x${hex(units, 2 * COMPARED_BYTES).padEnd(like.length - 2, '0')}`,
  from: 0n,
  to: 1n << 64n,
};

/** Types of which only the order is kept, by name. */
export const RANKED_FORMS: Readonly<Record<string, RankedForm>> = { uuid: UUID, inet: INET, bytea: BYTEA };

function hex(units: bigint, digits: number): string {
  return units.toString(16).padStart(digits, '0');
}

/** Gives stand-ins in the same order, spread evenly; a value that has no place in the order has no entry. */
export function rankedStandIns(
  { name, values }: { readonly name: string; readonly values: Iterable<string> },
  form: RankedForm,
  randomness: Randomness,
): ReadonlyMap<string, string> {
  const parsed = [...values].flatMap((text) => {
    const units = form.parse(text);
    return units === null ? [] : [{ text, units }];
  });
  parsed.sort((one, other) => (one.units < other.units ? -1 : Number(one.units > other.units)));
  const random = randomness.stream(name);
  const width = (form.to - form.from) / BigInt(parsed.length + 1);
  return new Map(
    parsed.map(({ text }, place) => {
      const units = form.from + BigInt(place) * width + 1n + random.below(width - 1n);
      return [text, form.format(units, text)];
    }),
  );
}
