/** An element of an array: text, or null for SQL's NULL; nested for more dimensions. */
export type ArrayElement = string | null | readonly ArrayElement[];

/** Gives the elements of a one-dimensional PostgreSQL array literal as text; an Error where it is not one. */
export function parseArrayLiteral(literal: string): readonly (string | null)[] {
  const body = /^\s*(?:(?:\[[-+\d:]+\])+=)?\{([\s\S]*)\}\s*$/.exec(literal)?.[1];
  if (body === undefined) throw new Error(`not an array literal: ${literal.slice(0, 60)}`);
  if (body.trim() === '') return [];
  const list = `${body},`;
  const elements: (string | null)[] = [];
  let end = 0;
  while (end < list.length) {
    ELEMENT.lastIndex = end;
    const [whole, quoted, bare] = ELEMENT.exec(list) ?? [];
    if (whole === undefined) throw new Error(`not a one-dimensional array literal: ${literal.slice(0, 60)}`);
    elements.push(quoted === undefined ? bareElement(bare ?? '') : withoutEscapes(quoted));
    end += whole.length;
  }
  return elements;
}

/** Gives the array literal of values that are texts already. */
export function formatArrayLiteral(elements: readonly ArrayElement[]): string {
  const parts = elements.map((element) => {
    if (element === null) return 'NULL';
    return typeof element === 'string' ? `"${element.replace(/["\\]/g, '\\$&')}"` : formatArrayLiteral(element);
  });
  return `{${parts.join(',')}}`;
}

/** One element with the comma behind it: quoted, or bare with escapes. */
const ELEMENT = /\s*(?:"((?:[^"\\]|\\[\s\S])*)"|((?:[^",{}\\]|\\[\s\S])+?))\s*,/y;

function bareElement(text: string): string | null {
  return /^null$/i.test(text) ? null : withoutEscapes(text);
}

function withoutEscapes(text: string): string {
  return text.replace(/\\([\s\S])/g, '$1');
}
