import type { SeededSql } from '../../src/fleet/randomness.js';
import type { Prose } from './prose.js';
import type { TpchPlan } from './scale.js';

/** 92 words, `green` in one of them: a name of five meets it in 5.3 of 100 parts. */
const COLOURS = (
  'amber apricot ash auburn azure bamboo basil beige berry birch biscuit black blue bone brass brick bronze brown ' +
  'butter camel canary caramel carmine cedar celadon cerise charcoal cherry chestnut citrus clay cobalt cocoa ' +
  'copper coral cream crimson cyan denim ebony emerald fawn flax ginger gold granite grape graphite green grey ' +
  'hazel honey indigo ink iron ivory jade khaki lavender lemon lilac lime linen magenta mahogany mango maroon ' +
  'mauve mint moss mustard navy ochre olive onyx orange orchid pearl pewter pink plum poppy purple red rose ruby ' +
  'rust sand scarlet silver slate teal'
).split(' ');

const TYPES = [
  ['STANDARD', 'SMALL', 'MEDIUM', 'LARGE', 'ECONOMY', 'PROMO'],
  ['ANODIZED', 'BURNISHED', 'PLATED', 'POLISHED', 'BRUSHED'],
  ['TIN', 'NICKEL', 'BRASS', 'STEEL', 'COPPER'],
];
const CONTAINERS = [
  ['SM', 'LG', 'MED', 'JUMBO', 'WRAP'],
  ['CASE', 'BOX', 'BAG', 'JAR', 'PKG', 'PACK', 'CAN', 'DRUM'],
];

/** A part's retail price in cents; a line's price follows from it. */
export function retailCents(part: string): string {
  return `(90000 + (${part} / 10) % 20001 + 100 * (${part} % 1000))`;
}

/** The supplier at `place` (0 to 3) among a part's four. */
export function supplierOf(part: string, place: string, suppliers: number): string {
  return `((${part} + ${place} * (${Math.floor(suppliers / 4)} + (${part} - 1) / ${suppliers})) % ${suppliers} + 1)`;
}

/** Fills the parts, and four suppliers of each. */
export function partsSql({ parts, suppliers }: TpchPlan, random: SeededSql, prose: Prose): readonly string[] {
  const number = (count: number, label: string, n = 'n') => `(1 + floor(${count} * ${random.unit(label, n)})::int)`;
  const phrase = (lists: readonly (readonly string[])[], label: string) =>
    lists.map((words, place) => random.pick(words, `${label} ${place}`)).join(` || ' ' || `);
  const name = phrase(
    Array.from({ length: 5 }, () => COLOURS),
    'name',
  );
  return [
    `INSERT INTO part
     SELECT n, ${name}, 'Manufacturer#' || maker, 'Brand#' || maker || ${number(5, 'brand')}, ${phrase(TYPES, 'type')},
            ${number(50, 'size')}, ${phrase(CONTAINERS, 'container')}, ${retailCents('n')} * 0.01,
            ${prose.comment('part comment', { min: 5, max: 22 })}
     FROM (SELECT n, ${number(5, 'maker')} AS maker FROM generate_series(1, ${parts}) AS n OFFSET 0) AS one`,
    `INSERT INTO partsupp
     SELECT part, ${supplierOf('part', 'place', suppliers)}, ${number(9_999, 'available')},
            ${number(99_901, 'supply cost')} * 0.01 + 0.99, ${prose.comment('supply comment', { min: 49, max: 198 })}
     FROM (SELECT part, generate_series(0, 3) AS place FROM (SELECT generate_series(1, ${parts}) AS part) AS all_parts) AS one
     CROSS JOIN LATERAL (SELECT part * 4 + place AS n) AS numbered`,
  ];
}
