import { digitsOf } from './version.js';

/** How a set of migrations numbers its files. */
type Numbering = SequenceNumbering | ClockNumbering;

interface SequenceNumbering {
  readonly kind: 'sequence';
  readonly width: number;
  readonly step: number;
}

interface ClockNumbering {
  readonly kind: 'clock';
  readonly unitMs: number;
  /** Writes a time, in milliseconds since 1970, as a version. */
  readonly format: (timeMs: number) => string;
  /** Reads a version as a time, or gives null where it is none. */
  readonly parse: (digits: string) => number | null;
}

/** `0001`, `0002`, … is what a new folder begins with. */
const NEW: Numbering = { kind: 'sequence', width: 4, step: 1 };
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
/** Times before this are taken for numbers of a sequence. */
const FIRST_TIME_MS = Date.UTC(2000, 0, 1);

const CLOCKS: readonly (ClockNumbering & { readonly digits: number })[] = [
  calendar(17, 1),
  calendar(14, SECOND_MS),
  calendar(12, MINUTE_MS),
  calendar(8, DAY_MS),
  epoch(13, 1),
  epoch(10, SECOND_MS),
];

/** Recognises how versions are numbered: by a clock, or in a sequence of some width and step. */
function numberingOf(versions: readonly string[]): Numbering {
  const last = versions.at(-1);
  if (last === undefined) return NEW;
  const width = digitsOf(last).length;
  const alike = versions.map(digitsOf).filter((digits) => digits.length === width);
  const clock = CLOCKS.find(({ digits, parse }) => digits === width && alike.every((each) => parse(each) !== null));
  return clock ?? { kind: 'sequence', width, step: stepOf(alike) };
}

/** Gives so many versions behind all others, in order; those of a clock begin at `now` (in UTC). */
export function nextVersions(versions: readonly string[], count: number, now: Date): readonly string[] {
  const numbering = numberingOf(versions);
  const last = digitsOf(versions.at(-1) ?? '0');
  const positions = Array.from({ length: count }, (_, index) => index);
  if (numbering.kind === 'sequence') {
    const { width, step } = numbering;
    return positions.map((index) => String(BigInt(last) + BigInt(step * (index + 1))).padStart(width, '0'));
  }
  const { unitMs, format, parse } = numbering;
  const first = Math.max(now.getTime(), (parse(last) ?? 0) + unitMs);
  return positions.map((index) => format(first + index * unitMs));
}

/** The most frequent distance; a gap where a file was taken out does not count for more than the rest. */
function stepOf(digits: readonly string[]): number {
  const counts = new Map<number, number>();
  for (const [index, each] of digits.entries()) {
    const step = index === 0 ? 0 : Number(BigInt(each) - BigInt(digits[index - 1] ?? each));
    if (step > 0) counts.set(step, (counts.get(step) ?? 0) + 1);
  }
  const [most] = [...counts].sort(([leftStep, left], [rightStep, right]) => right - left || leftStep - rightStep);
  return most?.[0] ?? 1;
}

/** Digits of year, month, day and, down to the unit, hour, minute, second and millisecond. */
function calendar(digits: number, unitMs: number): ClockNumbering & { readonly digits: number } {
  const format = (timeMs: number) => new Date(timeMs).toISOString().replaceAll(/\D/g, '').slice(0, digits);
  const parse = (text: string) => {
    const [, date = '', time = ''] = /^(\d{8})(\d*)$/.exec(text) ?? [];
    const [hour, minute, second, fraction] = [time.slice(0, 2), time.slice(2, 4), time.slice(4, 6), time.slice(6)];
    const clock = `${hour || '00'}:${minute || '00'}:${second || '00'}.${fraction || '000'}`;
    const timeMs = Date.parse(`${date.slice(0, 4)}-${date.slice(4, 6)}-${date.slice(6)}T${clock}Z`);
    return timeMs >= FIRST_TIME_MS && format(timeMs) === text ? timeMs : null;
  };
  return { kind: 'clock', digits, unitMs, format, parse };
}

/** Milliseconds or seconds since 1970. */
function epoch(digits: number, unitMs: number): ClockNumbering & { readonly digits: number } {
  const format = (timeMs: number) => String(Math.floor(timeMs / unitMs));
  const parse = (text: string) => {
    const timeMs = Number(text) * unitMs;
    return timeMs >= FIRST_TIME_MS ? timeMs : null;
  };
  return { kind: 'clock', digits, unitMs, format, parse };
}
