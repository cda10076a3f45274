import { wrap } from '../plain-text.js';

/** How lines are laid out and coloured for a terminal. */
export interface Terminal {
  readonly width: number;
  readonly bold: Paint;
  readonly dim: Paint;
  readonly red: Paint;
  readonly yellow: Paint;
  readonly blue: Paint;
  readonly green: Paint;
}

type Paint = (text: string) => string;

const WIDTH = 100;
const WIDTH_MIN = 40;
/** Beyond this, lines of prose tire the eye. */
const WIDTH_MAX = 120;

/** Gives the terminal's layout; `color: false` leaves every text as it is. */
export function terminalOf({ color, width = WIDTH }: { color: boolean; width?: number | undefined }): Terminal {
  const paint = (code: number): Paint => (color ? (text) => `\u001b[${code}m${text}\u001b[0m` : (text) => text);
  return {
    width: Math.min(WIDTH_MAX, Math.max(WIDTH_MIN, width)),
    bold: paint(1),
    dim: paint(2),
    red: paint(31),
    yellow: paint(33),
    blue: paint(34),
    green: paint(32),
  };
}

/** Gives prose as lines indented by `indent`, the first one led by `lead` in place of spaces. */
export function paragraph(terminal: Terminal, text: string, indent: number, lead = ''): readonly string[] {
  const lines = wrap(text, Math.max(20, terminal.width - indent));
  return lines.map((line, index) => `${(index === 0 ? lead : '').padEnd(indent)}${line}`.trimEnd());
}

/** Gives labelled rows whose values start in one column; long values go on below themselves. */
export function labelled(terminal: Terminal, rows: readonly (readonly [string, string])[]): readonly string[] {
  const indent = Math.max(...rows.map(([label]) => label.length)) + 2;
  return rows.flatMap(([label, value]) =>
    wrap(value, Math.max(20, terminal.width - indent)).map(
      (line, index) =>
        `${index === 0 ? terminal.dim(label) + ' '.repeat(indent - label.length) : ' '.repeat(indent)}${line}`,
    ),
  );
}

/** Gives a preformatted text, line by line, indented and never wrapped, so that it can be copied. */
export function verbatim(text: string, indent: number): readonly string[] {
  return text.split('\n').map((line) => `${' '.repeat(indent)}${line}`.trimEnd());
}
