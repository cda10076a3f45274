import type { Measurement } from '../model/finding.js';

const KIBIBYTE = 1024;
/** What stands where a figure is not finite. */
const UNKNOWN = 'unknown';

/** Gives a number with three significant digits and grouped thousands: `1,240`, `12.3`, `0.042`. */
export function formatNumber(value: number): string {
  if (!Number.isFinite(value)) return UNKNOWN;
  const rounded = Math.abs(value) >= 1000 ? Math.round(value) : Number(value.toPrecision(3));
  const text = Math.abs(rounded) < 1e-6 && rounded !== 0 ? rounded.toExponential(1) : group(rounded);
  return text.replace(/^-/, '−');
}

/** Gives a count: exact with grouped thousands up to a million, `1.24 M` beyond. */
export function formatCount(value: number): string {
  if (!Number.isFinite(value)) return UNKNOWN;
  const magnitude = Math.abs(value);
  if (magnitude >= 999.5e9) return `${formatNumber(value / 1e12)} T`;
  if (magnitude >= 999.5e6) return `${formatNumber(value / 1e9)} G`;
  if (magnitude >= 999_999.5) return `${formatNumber(value / 1e6)} M`;
  return formatNumber(Math.round(value));
}

/** Gives planner units: three significant digits below a thousand, as a count above. */
export function formatCost(value: number): string {
  return Math.abs(value) < 1000 ? formatNumber(value) : formatCount(value);
}

/** Gives a time in the unit a person would choose, from microseconds to days. */
export function formatDuration(milliseconds: number): string {
  if (!Number.isFinite(milliseconds)) return UNKNOWN;
  const magnitude = Math.abs(milliseconds);
  if (magnitude < 999.5) return `${formatNumber(milliseconds)} ms`;
  if (magnitude < 60_000) return `${formatNumber(milliseconds / 1000)} s`;
  if (magnitude < 6_000_000) return `${formatNumber(milliseconds / 60_000)} min`;
  if (magnitude < 172_800_000) return `${formatNumber(milliseconds / 3_600_000)} h`;
  return `${formatNumber(milliseconds / 86_400_000)} days`;
}

/** Gives a size as PostgreSQL prints it: kB is 1,024 bytes. */
export function formatBytes(bytes: number): string {
  if (!Number.isFinite(bytes)) return UNKNOWN;
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (Math.abs(Math.round(value)) >= KIBIBYTE && unit < units.length - 1) {
    value /= KIBIBYTE;
    unit += 1;
  }
  return `${formatNumber(value)} ${units[unit] ?? ''}`;
}

/** Gives the relative change from one figure to another: `−87 %`; never `−100 %` while something is left. */
export function formatChange(before: number, after: number): string {
  if (before === after) return 'unchanged';
  if (before <= 0) return 'from zero';
  const percent = (after / before - 1) * 100;
  if (percent < -99) return `−${after > 0 ? Math.min(99.99, floorAt(-percent, percent < -99.9 ? 2 : 1)) : 100} %`;
  const text = Math.abs(percent) < 10 ? formatNumber(Number(percent.toFixed(1))) : formatNumber(Math.round(percent));
  return percent > 0 ? `+${text} %` : `${text} %`;
}

/** Gives a ratio after / before in words: `33× faster`, `1.2× slower`. */
export function formatSpeed(ratio: number): string {
  if (!(ratio > 0)) return UNKNOWN;
  return ratio <= 1 ? `${formatNumber(roundRatio(1 / ratio))}× faster` : `${formatNumber(roundRatio(ratio))}× slower`;
}

/** Gives a ratio with the digits that a bench can stand behind: two decimals, more below 0.1. */
export function formatRatio(ratio: number): string {
  if (!Number.isFinite(ratio)) return UNKNOWN;
  return ratio >= 0.1 ? group(Number(ratio.toFixed(2)), 2) : formatNumber(Number(ratio.toPrecision(2)));
}

/** Gives a measurement's value with its unit. */
export function formatMeasurement(measurement: Pick<Measurement, 'value' | 'unit'>): string {
  const { value, unit } = measurement;
  if (unit === 'ms') return formatDuration(value);
  if (unit === 'bytes') return formatBytes(value);
  if (unit === 'ratio') return formatRatio(value);
  if (unit === 'cost') return `${formatCost(value)} planner units`;
  return `${formatCount(value)} ${value === 1 ? unit.replace(/s$/, '') : unit}`;
}

/** Gives two figures, the unit of the first left out where the second has the same one: `0.31`, `0.37 ms`. */
export function formatPair(
  { before, after }: { readonly before: number; readonly after: number },
  format: (value: number) => string,
): readonly [string, string] {
  const [left, right] = [format(before), format(after)];
  const unit = / \S+$/.exec(right)?.[0] ?? '';
  return [unit !== '' && left.endsWith(unit) ? left.slice(0, -unit.length) : left, right];
}

/** Gives a count and its noun: `1 finding`, `2 findings`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${formatCount(count)} ${count === 1 ? one : many}`;
}

function group(value: number, decimals?: number): string {
  const text = decimals === undefined ? decimal(value) : value.toFixed(decimals);
  const [whole = '', fraction] = text.split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+(?!\d))/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/** Decimal digits without an exponent, which `String` gives from 1e21 and below 1e-6. */
function decimal(value: number): string {
  if (Math.abs(value) >= 1e21) return BigInt(Math.round(value)).toString();
  return String(value);
}

function floorAt(value: number, decimals: number): number {
  return Math.floor(value * 10 ** decimals) / 10 ** decimals;
}

function roundRatio(value: number): number {
  return value >= 10 ? Math.round(value) : Number(value.toFixed(value >= 2 ? 1 : 2));
}
