import { printable } from '../plain-text.js';

/** Gives rows below their heads in columns of equal width; nothing where there is no row. */
export function textTable(heads: readonly string[], rows: readonly (readonly string[])[]): readonly string[] {
  if (rows.length === 0) return [];
  const shown = rows.map((row) => row.map((cell) => printable(cell).replaceAll('\n', ' ')));
  const widths = heads.map((head, column) => Math.max(head.length, ...shown.map((row) => (row[column] ?? '').length)));
  return [heads, ...shown].map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
