/** Comparison operators with their sides exchanged: `a < b` says `b > a`. */
export const MIRRORED: Readonly<Record<string, string>> = { '=': '=', '<': '>', '<=': '>=', '>': '<', '>=': '<=' };
