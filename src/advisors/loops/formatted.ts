/** Gives a figure as messages about loops show it: three digits that count. */
export function formatted(value: number): string {
  return value.toLocaleString('en-US', { maximumSignificantDigits: 3 });
}
