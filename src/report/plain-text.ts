/** Control characters, and the marks that turn the direction of writing: they let a text lie about itself. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
const UNPRINTABLE = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g;

/** Gives a text that no terminal obeys: what would steer it is written out as `\u{1b}`; line ends and tabs stay. */
export function printable(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(UNPRINTABLE, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

/** Gives a text as one printable line of at most `width` characters, cut with an ellipsis. */
export function oneLine(text: string, width: number): string {
  const start = text
    .slice(0, width * 8)
    .replace(/\s+/g, ' ')
    .trim();
  const characters = Array.from(printable(start));
  if (characters.length <= width && text.length <= width * 8) return characters.join('');
  return `${characters
    .slice(0, Math.max(1, width - 1))
    .join('')
    .trimEnd()}…`;
}

/** Breaks a text into printable lines of at most `width` characters; a longer word keeps a line to itself. */
export function wrap(text: string, width: number): readonly string[] {
  return printable(text)
    .split('\n')
    .flatMap((paragraph) => wrapParagraph(paragraph, width));
}

function wrapParagraph(paragraph: string, width: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of paragraph.split(/[ \t]+/)) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  return [...lines, line];
}

/** Removes the indentation that all lines but the first share, and blank lines at both ends. */
export function dedent(text: string): string {
  const lines = text
    .replace(/\r\n?/g, '\n')
    .replace(/^(?:[ \t]*\n)+/, '')
    .trimEnd()
    .split('\n');
  const indented = lines.slice(1).filter((line) => line.trim() !== '');
  const indent = Math.min(...indented.map((line) => line.length - line.trimStart().length));
  return [(lines[0] ?? '').trimStart(), ...lines.slice(1).map((line) => line.slice(indent))].join('\n');
}
