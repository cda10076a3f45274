import { quoteLiteral } from '../../../sql/quote.js';
import type { ColumnFacts } from './table-facts.js';

/** How a column's values are written: SQL over `$h`, a number that repeats, and `g`, one that never does. */
export interface ValuePool {
  /** Expressions of the column's base type; one of them is taken for each row. */
  readonly values: readonly string[];
  /** An expression that never repeats, or null where the type has none. */
  readonly distinct: string | null;
}

const DAY_MINUTES = 1440;

/** Gives values for a column; null where nothing is known of its type. */
export function poolOf(column: ColumnFacts, checks: readonly string[]): ValuePool | null {
  const conditions = [...checks.filter((check) => mentions(check, column.name)), ...column.domainChecks];
  const constants = constantsOf(conditions);
  if (column.enumLabels.length > 0) {
    return { values: column.enumLabels.map((label) => `${quoteLiteral(label)}::${column.baseType}`), distinct: null };
  }
  if (column.elementName !== null) return arrayPool(column);
  return poolOfType(column, { constants, bound: conditions.length > 0 });
}

interface Bounds {
  readonly constants: Constants;
  /** A condition holds for the column, so that values of many shapes are tried. */
  readonly bound: boolean;
}

interface Constants {
  readonly texts: readonly string[];
  readonly numbers: readonly number[];
}

function mentions(check: string, name: string): boolean {
  return check.includes(name);
}

/** The constants of a condition are the values that it turns on. */
function constantsOf(conditions: readonly string[]): Constants {
  const text = conditions.join(' ');
  const texts = [...text.matchAll(/'((?:[^']|'')*)'/g)].map(([, value = '']) => value.replaceAll("''", "'"));
  const bare = text.replaceAll(/'(?:[^']|'')*'/g, ' ');
  const numbers = [...bare.matchAll(/(?<![\w.])-?\d+(?:\.\d+)?(?![\w.])/g)].map(([value]) => Number(value));
  const quoted = texts.filter((value) => /^-?\d+(\.\d+)?$/.test(value)).map(Number);
  return { texts: [...new Set(texts)].slice(0, 60), numbers: [...new Set([...numbers, ...quoted])].slice(0, 20) };
}

function poolOfType(column: ColumnFacts, bounds: Bounds): ValuePool | null {
  const { baseName, baseType } = column;
  if (TEXT_TYPES.has(baseName)) return textPool(column, bounds);
  const whole = WHOLE_MAX[baseName];
  if (whole !== undefined) return numberPool(baseType, whole, bounds);
  if (baseName === 'numeric') return numberPool(baseType, numericMax(baseType), bounds);
  if (baseName === 'float4' || baseName === 'float8') return numberPool(baseType, 1e9, bounds);
  if (MOMENTS.has(baseName)) return momentPool(baseType, bounds);
  return FIXED[baseName] ?? null;
}

const TEXT_TYPES: ReadonlySet<string> = new Set(['text', 'varchar', 'bpchar', 'citext', 'name']);

function textPool({ baseName, baseType, name }: ColumnFacts, { constants, bound }: Bounds): ValuePool {
  const length = Number(/\((\d+)\)/.exec(baseType)?.[1] ?? (baseName === 'name' ? 63 : 0));
  const cut = (expression: string) =>
    `${length > 0 ? `pg_catalog.left(${expression}, ${length})` : `(${expression})`}::${baseType}`;
  const own = constants.texts.map(quoteLiteral).map((value) => `${value}::text`);
  const lengths = constants.numbers.filter((number) => number > 0 && number <= 400);
  const ofLength = lengths.map((number) => `pg_catalog.rpad(pg_catalog.md5(($h % 50)::text), ${number}, 'a')`);
  const shapes = bound ? SHAPES : [];
  const plain = [`'v' || ($h % 40)`, `${quoteLiteral(`${name} `)} || ($h % 40)`, `pg_catalog.repeat('long ', 60)`];
  const generic = own.length > 0 ? plain.slice(0, 1) : plain;
  const values = [...own, ...own, ...ofLength, ...ofLength, ...shapes, ...generic].map(cut);
  const stem = lengths.length > 0 ? `pg_catalog.rpad(pg_catalog.md5(g::text), ${lengths[0]}, 'a')` : `'v' || g`;
  return { values, distinct: cut(stem) };
}

/** Texts such as conditions with patterns ask for. */
const SHAPES: readonly string[] = [
  `'user' || ($h % 40) || '@example.com'`,
  `'https://example.com/' || ($h % 40)`,
  `pg_catalog.md5(($h % 40)::text)`,
  `'abc'`,
  `'ABC'`,
  `($h % 1000)::text`,
];

/** The largest value that is written: large enough to be too large for the next smaller type. */
const WHOLE_MAX: Readonly<Record<string, number>> = { int2: 300, int4: 100_000, int8: 5_000_000_000, oid: 100_000 };

function numericMax(type: string): number {
  const [, precision, scale = '0'] = /\((\d+)(?:,\s*(-?\d+))?\)/.exec(type) ?? [];
  return precision === undefined ? 5_000_000_000 : 10 ** Math.min(Number(precision) - Number(scale), 9) - 1;
}

function numberPool(type: string, max: number, { constants }: Bounds): ValuePool {
  const near = constants.numbers.flatMap((number) => [number, number - 1, number + 1]);
  const fitting = near.filter((number) => Math.abs(number) <= max).map(String);
  const below = type === 'oid' ? [] : ['-1 - $h % 9'];
  const spread = `$h % ${Math.max(Math.min(50, Math.floor(max) + 1), 1)}`;
  return {
    values: [...fitting, spread, spread, ...below, String(max)].map((value) => `(${value})::${type}`),
    distinct: max >= 300 ? `g::${type}` : null,
  };
}

const MOMENTS: ReadonlySet<string> = new Set(['date', 'timestamp', 'timestamptz']);

function momentPool(type: string, { constants }: Bounds): ValuePool {
  const own = constants.texts.filter((text) => /^\d{4}-\d\d-\d\d/.test(text)).map(quoteLiteral);
  const past = `pg_catalog.now() - ($h % 700) * ${DAY_MINUTES} * interval '1 minute'`;
  const future = `pg_catalog.now() + ($h % 30) * ${DAY_MINUTES} * interval '1 minute'`;
  return {
    values: [...own, ...own.map((text) => `${text}::timestamp + interval '1 day'`), past, past, future].map(
      (value) => `(${value})::${type}`,
    ),
    distinct: `(timestamp '2020-01-01' + g * interval '1 day')::${type}`,
  };
}

function fixed(type: string, values: readonly string[], distinct: string | null = null): ValuePool {
  return { values: values.map((value) => `(${value})::${type}`), distinct: distinct && `(${distinct})::${type}` };
}

const FIXED: Readonly<Record<string, ValuePool>> = {
  bool: fixed('boolean', ['true', 'false']),
  uuid: fixed('uuid', ['pg_catalog.md5(($h % 50)::text)'], 'pg_catalog.md5(g::text)'),
  json: fixed('json', [`'{}'`, `'[]'`, `'{"name": "value", "number": 1}'`]),
  jsonb: fixed('jsonb', [`'{}'`, `'[]'`, `'{"name": "value", "number": 1}'`]),
  bytea: fixed(
    'bytea',
    ["pg_catalog.decode(pg_catalog.md5(($h % 50)::text), 'hex')"],
    `pg_catalog.decode(pg_catalog.md5(g::text), 'hex')`,
  ),
  inet: fixed(
    'inet',
    [`'10.0.0.' || ($h % 250)`],
    `'10.' || (g / 65536) % 256 || '.' || (g / 256) % 256 || '.' || g % 256`,
  ),
  cidr: fixed('cidr', [`'10.0.' || ($h % 250) || '.0/24'`]),
  macaddr: fixed('macaddr', [`'08:00:2b:01:02:03'`]),
  time: fixed('time', [`time '00:00' + ($h % 1440) * interval '1 minute'`]),
  timetz: fixed('timetz', [`'12:00+00'`]),
  interval: fixed('interval', [`($h % 100) * interval '1 hour'`]),
  money: fixed('money', ['($h % 50)::numeric']),
  xml: fixed('xml', [`'<a/>'`]),
  tsvector: fixed('tsvector', [`'word' || ($h % 40)`]),
  tsquery: fixed('tsquery', [`'word' || ($h % 40)`]),
  point: fixed('point', [`'(' || ($h % 40) || ',1)'`]),
  int4range: fixed('int4range', ['pg_catalog.int4range(($h % 40)::int, ($h % 40 + 5)::int)']),
  int8range: fixed('int8range', ['pg_catalog.int8range($h % 40, $h % 40 + 5)']),
  numrange: fixed('numrange', ['pg_catalog.numrange($h % 40, $h % 40 + 5)']),
  daterange: fixed('daterange', [`pg_catalog.daterange(date '2024-01-01' + ($h % 40)::int, date '2024-03-01')`]),
  tstzrange: fixed('tstzrange', [
    `pg_catalog.tstzrange(timestamptz '2024-01-01' + ($h % 40) * interval '1 day', NULL)`,
  ]),
  tsrange: fixed('tsrange', [`pg_catalog.tsrange(timestamp '2024-01-01' + ($h % 40) * interval '1 day', NULL)`]),
  hstore: fixed('hstore', [`'a=>1'`]),
  ltree: fixed('ltree', [`'a.b'`]),
};

function arrayPool(column: ColumnFacts): ValuePool | null {
  const baseName = column.elementName ?? '';
  const type = column.baseType.replace(/\[\]$/, '');
  const element = poolOfType({ ...column, baseName, baseType: type, elementName: null }, NO_BOUNDS);
  const [first] = element?.values ?? [];
  const empty = `'{}'::${column.baseType}`;
  return { values: first === undefined ? [empty] : [`ARRAY[${first}]::${column.baseType}`, empty], distinct: null };
}

const NO_BOUNDS: Bounds = { constants: { texts: [], numbers: [] }, bound: false };
