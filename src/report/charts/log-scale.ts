/** Maps positive values to positions by their logarithm; what lies outside the domain lands on its edge. */
export interface LogScale {
  readonly low: number;
  readonly high: number;
  at(value: number): number;
  /** Powers of ten within the domain. */
  readonly decades: readonly number[];
}

/** Gives the scale of a domain over a range of positions. */
export function logScale(domain: readonly [number, number], range: readonly [number, number]): LogScale {
  const [low, high] = domain;
  const span = Math.log(high) - Math.log(low) || 1;
  const at = (value: number) => {
    const share = value > 0 ? (Math.log(value) - Math.log(low)) / span : 0;
    return range[0] + Math.min(1, Math.max(0, share)) * (range[1] - range[0]);
  };
  return { low, high, at, decades: decadesWithin(low, high) };
}

/** Gives the least and the greatest positive value, or the fallback where there is none. */
export function extent(values: readonly number[], fallback: readonly [number, number]): readonly [number, number] {
  let [low, high] = [Number.POSITIVE_INFINITY, 0];
  for (const value of values) {
    if (!(value > 0) || !Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return high === 0 ? fallback : [low, high];
}

function decadesWithin(low: number, high: number): readonly number[] {
  const first = Math.ceil(Math.log10(low) - 1e-9);
  const last = Math.floor(Math.log10(high) + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, index) => 10 ** (first + index));
}
