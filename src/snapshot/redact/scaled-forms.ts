/** A value as a whole number of the smallest units of its type. */
export interface Scaled {
  readonly units: bigint;
  /** Units between values that are written as exactly as this one. */
  readonly step: bigint;
}

/** Reads and writes the values of a type whose distances matter. */
export interface ScaledForm {
  /** Null for what has no place on the scale. */
  parse(text: string): Scaled | null;
  /** Writes units in the form of a text. */
  format(units: bigint, like: string): string;
  /** True where zeros at the end are not written or mean little: a text alone does not tell how exact it is. */
  readonly dropsZeros?: boolean;
}

/** Values outside every scale, which tell nothing of a row. */
export const SPECIAL: ReadonlySet<string> = new Set(['NaN', 'Infinity', '-Infinity', 'infinity', '-infinity']);

const WHOLE: ScaledForm = {
  parse: (text) => (/^-?\d+$/.test(text) ? { units: BigInt(text), step: 1n } : null),
  format: (units) => String(units),
};

/** Digits behind the point that are told apart. */
const SCALE = 40;
const DECIMAL = /^(-?)(\d+)(?:\.(\d+))?(?:e([-+]?\d+))?$/;

const NUMBER: ScaledForm = {
  parse(text) {
    const [, sign, whole = '', fraction = '', exponent = '0'] = DECIMAL.exec(text) ?? [];
    const digits = SCALE - fraction.length + Number(exponent);
    if (sign === undefined || digits < 0 || digits > 400) return null;
    const step = 10n ** BigInt(digits);
    const units = BigInt(`${whole}${fraction}`) * step;
    return { units: sign === '-' ? -units : units, step };
  },
  format(units, like) {
    const [, , , fraction = '', exponent = '0'] = DECIMAL.exec(like) ?? [];
    const decimals = Math.max(0, fraction.length - Number(exponent));
    const digits = String((units < 0n ? -units : units) / 10n ** BigInt(SCALE - decimals)).padStart(decimals + 1, '0');
    const point = digits.length - decimals;
    const text = decimals === 0 ? digits : `${digits.slice(0, point)}.${digits.slice(point)}`;
    return units < 0n ? `-${text}` : text;
  },
};

const FLOAT: ScaledForm = {
  parse: NUMBER.parse,
  format: (units) => NUMBER.format(units, `0.${'0'.repeat(SCALE)}`).replace(/\.?0+$/, ''),
  dropsZeros: true,
};

const DAY_MS = 86_400_000;
const SECOND_US = 1_000_000n;
const DAY_US = 86_400n * SECOND_US;

const DATE: ScaledForm = {
  parse: (text) =>
    /^\d{4}-\d\d-\d\d$/.test(text) ? { units: BigInt(Date.parse(`${text}T00:00:00Z`) / DAY_MS), step: 1n } : null,
  format: (units) => new Date(Number(units) * DAY_MS).toISOString().slice(0, 10),
};

const TIMESTAMP_TEXT = /^(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)(?:\.(\d{1,6}))?(\+00)?$/;

/** A timestamp at midnight may be a day. */
const TIMESTAMP: ScaledForm = {
  dropsZeros: true,
  parse(text) {
    const [, day, time, fraction = ''] = TIMESTAMP_TEXT.exec(text) ?? [];
    if (day === undefined || time === undefined) return null;
    const seconds = BigInt(Date.parse(`${day}T${time}Z`)) * 1000n;
    const step = time === '00:00:00' && fraction === '' ? DAY_US : 10n ** BigInt(6 - fraction.length);
    return { units: seconds + BigInt(fraction.padEnd(6, '0')), step };
  },
  format(units, like) {
    const fraction = ((units % SECOND_US) + SECOND_US) % SECOND_US;
    const iso = new Date(Number((units - fraction) / 1000n)).toISOString();
    const decimals = String(fraction).padStart(6, '0').replace(/0+$/, '');
    const zone = like.endsWith('+00') ? '+00' : '';
    return `${iso.slice(0, 10)} ${iso.slice(11, 19)}${decimals === '' ? '' : `.${decimals}`}${zone}`;
  },
};

const TIME: ScaledForm = {
  dropsZeros: true,
  parse: (text) => TIMESTAMP.parse(`1970-01-01 ${text}`),
  format: (units) => TIMESTAMP.format(units, '').slice(11),
};

/** Types whose distances matter to estimates, by name. */
export const SCALED_FORMS: Readonly<Record<string, ScaledForm>> = {
  smallint: WHOLE,
  integer: WHOLE,
  bigint: WHOLE,
  oid: WHOLE,
  numeric: NUMBER,
  real: FLOAT,
  'double precision': FLOAT,
  date: DATE,
  'timestamp without time zone': TIMESTAMP,
  'timestamp with time zone': TIMESTAMP,
  'time without time zone': TIME,
};
