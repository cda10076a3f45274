/** Planner units of a call, about what reading a hundred pages in a row costs: fewer nobody feels. */
export const FELT_COST_MIN = 100;

/** Says whether a call costs half as much or less, and whoever makes it feels that: planner units before and after. */
export function isHalved(before: number, after: number): boolean {
  return after * 2 <= before && before - after >= FELT_COST_MIN;
}
