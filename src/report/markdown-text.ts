import { printable } from './plain-text.js';

/** Escapes what Markdown and HTML would take as theirs; line ends become spaces. */
export function prose(text: string): string {
  return printable(text)
    .replace(/\s+/g, ' ')
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/[\\`*_[\]#|~@]/g, '\\$&');
}

/** Inline code whose fence is longer than any run of backticks within. */
export function code(text: string): string {
  const line = printable(text).replace(/\s+/g, ' ');
  const ticks = '`'.repeat(longestRun(line) + 1);
  return ticks.length === 1 ? `\`${line}\`` : `${ticks} ${line} ${ticks}`;
}

/** Gives a text, escaped already, as a table's cell. */
export function cell(text: string): string {
  return text.replace(/\|/g, '\\|');
}

/** Gives SQL as a block whose fence no run of backticks within can end. */
export function fence(text: string, language = 'sql'): string {
  const ticks = '`'.repeat(Math.max(3, longestRun(text) + 1));
  return `${ticks}${language}\n${printable(text).trim()}\n${ticks}`;
}

function longestRun(text: string): number {
  return Math.max(0, ...(text.match(/`+/g) ?? []).map((run) => run.length));
}
