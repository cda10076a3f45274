/** Reads and writes a value as it is stored, in little-endian order; `length` is that of the value that it replaces. */
export interface ValueCodec {
  decode(bytes: Buffer): string;
  encode(text: string, length: number): Buffer;
}

const TEXT: ValueCodec = {
  decode: (bytes) => bytes.toString('utf8'),
  encode: (text) => Buffer.from(text, 'utf8'),
};

const WHOLE: ValueCodec = {
  decode: (bytes) => String(BigInt.asIntN(bytes.length * 8, unsigned(bytes))),
  encode: (text, length) => buffer(BigInt(text), length),
};

/** PostgreSQL counts from 2000-01-01. */
const EPOCH_DAYS = 10_957n;
const DAY_MS = 86_400_000;
const SECOND_US = 1_000_000n;

const DATE: ValueCodec = {
  decode: (bytes) => {
    const days = BigInt(WHOLE.decode(bytes)) + EPOCH_DAYS;
    return isFarAway(days * 86_400n) ? 'far away' : new Date(Number(days) * DAY_MS).toISOString().slice(0, 10);
  },
  encode: (text, length) => buffer(BigInt(Date.parse(`${text}T00:00:00Z`) / DAY_MS) - EPOCH_DAYS, length),
};

const TIMESTAMP: ValueCodec = {
  decode: (bytes) => {
    const units = BigInt(WHOLE.decode(bytes)) + EPOCH_DAYS * 86_400n * SECOND_US;
    const fraction = ((units % SECOND_US) + SECOND_US) % SECOND_US;
    const seconds = (units - fraction) / SECOND_US;
    if (isFarAway(seconds)) return 'far away';
    const iso = new Date(Number(seconds) * 1000).toISOString();
    const decimals = String(fraction).padStart(6, '0').replace(/0+$/, '');
    return `${iso.slice(0, 10)} ${iso.slice(11, 19)}${decimals === '' ? '' : `.${decimals}`}`;
  },
  encode: (text, length) => {
    const [, second = '', fraction = ''] = /^(.{19})(?:\.(\d+))?/.exec(text) ?? [];
    const seconds = BigInt(Date.parse(`${second.replace(' ', 'T')}Z`) / 1000) - EPOCH_DAYS * 86_400n;
    return buffer(seconds * SECOND_US + BigInt(fraction.padEnd(6, '0')), length);
  },
};

const UUID: ValueCodec = {
  decode: (bytes) => bytes.toString('hex').replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-'),
  encode: (text) => Buffer.from(text.replaceAll('-', ''), 'hex'),
};

/** By the type's name; the other types have another form in memory than in text that is not taken apart here. */
export const VALUE_CODECS: Readonly<Record<string, ValueCodec>> = {
  text: TEXT,
  'character varying': TEXT,
  bpchar: TEXT,
  character: TEXT,
  smallint: WHOLE,
  integer: WHOLE,
  bigint: WHOLE,
  date: DATE,
  'timestamp without time zone': TIMESTAMP,
  'timestamp with time zone': { ...TIMESTAMP, decode: (bytes) => `${TIMESTAMP.decode(bytes)}+00` },
  uuid: UUID,
};

/** Infinite, or outside what four digits of a year can write. */
function isFarAway(secondsOf1970: bigint): boolean {
  return secondsOf1970 < -62_135_596_800n || secondsOf1970 > 253_402_300_799n;
}

function unsigned(bytes: Buffer): bigint {
  return BigInt(`0x${Buffer.from(bytes).reverse().toString('hex')}`);
}

function buffer(value: bigint, length: number): Buffer {
  const hex = BigInt.asUintN(length * 8, value)
    .toString(16)
    .padStart(length * 2, '0');
  return Buffer.from(hex, 'hex').reverse();
}
