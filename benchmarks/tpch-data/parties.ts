import type { SeededSql } from '../../src/fleet/randomness.js';
import type { Prose } from './prose.js';
import type { TpchPlan } from './scale.js';

const REGIONS = ['AFRICA', 'AMERICA', 'ASIA', 'EUROPE', 'MIDDLE EAST'];

/** Nations by key, each with the key of its region. */
const NATIONS: readonly (readonly [name: string, region: number])[] = [
  ...([
    ['ALGERIA', 0],
    ['ARGENTINA', 1],
    ['BRAZIL', 1],
    ['CANADA', 1],
    ['EGYPT', 4],
  ] as const),
  ...([
    ['ETHIOPIA', 0],
    ['FRANCE', 3],
    ['GERMANY', 3],
    ['INDIA', 2],
    ['INDONESIA', 2],
  ] as const),
  ...([
    ['IRAN', 4],
    ['IRAQ', 4],
    ['JAPAN', 2],
    ['JORDAN', 4],
    ['KENYA', 0],
  ] as const),
  ...([
    ['MOROCCO', 0],
    ['MOZAMBIQUE', 0],
    ['PERU', 1],
    ['CHINA', 2],
    ['ROMANIA', 3],
  ] as const),
  ...([
    ['SAUDI ARABIA', 4],
    ['VIETNAM', 2],
    ['RUSSIA', 3],
    ['UNITED KINGDOM', 3],
    ['UNITED STATES', 1],
  ] as const),
];

const SEGMENTS = ['AUTOMOBILE', 'BUILDING', 'FURNITURE', 'HOUSEHOLD', 'MACHINERY'];

/** One supplier in 2,000 has a complaint, as five of 10,000 have. */
const SUPPLIERS_PER_COMPLAINT = 2_000;
const COMPLAINT_PLACE = 94;

/** Fills region and nation in full, and the suppliers. */
export function suppliersSql({ suppliers }: TpchPlan, random: SeededSql, prose: Prose): readonly string[] {
  const comment = prose.comment('supplier comment', { min: 25, max: 100 });
  return [
    `INSERT INTO region SELECT n - 1, (ARRAY[${list(REGIONS)}])[n], ${prose.comment('region', { min: 31, max: 115 })}
     FROM generate_series(1, ${REGIONS.length}) AS n`,
    `INSERT INTO nation
     SELECT n - 1, (ARRAY[${list(NATIONS.map(([name]) => name))}])[n],
            (ARRAY[${NATIONS.map(([, region]) => region).join(', ')}])[n],
            ${prose.comment('nation', { min: 31, max: 114 })}
     FROM generate_series(1, ${NATIONS.length}) AS n`,
    `INSERT INTO supplier
     SELECT n, 'Supplier#' || lpad(n::text, 9, '0'), ${address(random, 'supplier')}, nation,
            ${phone(random, 'supplier')}, ${balance(random, 'supplier')},
            CASE WHEN n % ${SUPPLIERS_PER_COMPLAINT} = ${COMPLAINT_PLACE}
                 THEN 'a Customer of theirs sends Complaints' ELSE ${comment} END
     FROM (SELECT n, ${nation(random, 'supplier')} AS nation FROM generate_series(1, ${suppliers}) AS n OFFSET 0) AS one`,
  ];
}

/** Fills the customers. */
export function customersSql({ customers }: TpchPlan, random: SeededSql, prose: Prose): readonly string[] {
  return [
    `INSERT INTO customer
     SELECT n, 'Customer#' || lpad(n::text, 9, '0'), ${address(random, 'customer')}, nation,
            ${phone(random, 'customer')}, ${balance(random, 'customer')}, ${random.pick(SEGMENTS, 'segment')},
            ${prose.comment('customer comment', { min: 29, max: 116 })}
     FROM (SELECT n, ${nation(random, 'customer')} AS nation FROM generate_series(1, ${customers}) AS n OFFSET 0) AS one`,
  ];
}

function list(words: readonly string[]): string {
  return words.map((word) => `'${word}'`).join(', ');
}

function nation(random: SeededSql, label: string): string {
  return `floor(${NATIONS.length} * ${random.unit(`${label} nation`)})::int`;
}

/** 10 to 40 characters. */
function address(random: SeededSql, label: string): string {
  const length = `10 + floor(31 * ${random.unit(`${label} address`)})::int`;
  return `left(md5('${label}:' || n) || md5(n || ':${label}'), ${length})`;
}

/** Begins with the nation's key plus ten. */
function phone(random: SeededSql, label: string): string {
  const digits = (part: string, from: number) =>
    `${from} + floor(${from * 9} * ${random.unit(`${label} phone ${part}`)})::int`;
  return `concat_ws('-', nation + 10, ${digits('area', 100)}, ${digits('exchange', 100)}, ${digits('line', 1000)})`;
}

function balance(random: SeededSql, label: string): string {
  return `(floor(1100000 * ${random.unit(`${label} balance`)})::int - 99999) * 0.01`;
}
