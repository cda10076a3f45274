/** How often a loop met the rows of a query. */
export interface Meeting {
  /** Calls that met a row each, no row twice. */
  readonly met: number;
  /** Calls that could have, those that met one included. */
  readonly tried: number;
  readonly rowCount: number;
  /** Different values that the calls could have had. */
  readonly distinct: number;
}

/**
 * Gives the natural logarithm of a bound on the probability that calls with values drawn at random meet so many rows,
 * each once: small integers that collide are no loop.
 */
export function logChanceOf({ met, tried, rowCount, distinct }: Meeting): number {
  const domain = Math.max(distinct, rowCount, 1);
  let sum = logChoose(tried, met);
  for (let index = 0; index < met; index++) sum += Math.log(Math.max(rowCount - index, 1) / domain);
  return sum;
}

/** Gives how many of some keys were drawn each for itself: of whole numbers that follow each other, the first alone. */
export function drawsOf(keys: readonly (string | null)[]): number {
  const numbers = new Set(keys.flatMap((key) => /^\["(-?\d{1,15})"\]$/.exec(key ?? '')?.[1] ?? []).map(Number));
  return keys.length - [...numbers].filter((number) => numbers.has(number - 1)).length;
}

function logChoose(of: number, chosen: number): number {
  let sum = 0;
  for (let index = 1; index <= chosen; index++) sum += Math.log((of - chosen + index) / index);
  return sum;
}
