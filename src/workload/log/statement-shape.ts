/**
 * Gives a text with every constant as `?`: equal for statements that differ in values alone. It is far quicker than the
 * parser's fingerprint, for logs of millions of lines, and only groups: what is reported is fingerprinted by the parser.
 */
export function shapeOf(text: string): string {
  return text.replace(CONSTANTS, replaceConstant);
}

/**
 * In this order: quoted names and parameters, comments, dollar quotes and names stay; strings and numbers go; space is
 * made one.
 */
const CONSTANTS =
  /("(?:[^"]|"")*"|\$\d+|--[^\n]*|\/\*[\s\S]*?\*\/|[\p{L}_][\p{L}\p{N}_$]*(?!['&]))|(?:[eEbBxXnN]|[uU]&)?'(?:[^'\\]|''|\\[\s\S])*'|\$([\p{L}_]\w*)?\$[\s\S]*?\$\2\$|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?|\s+/gu;

function replaceConstant(found: string, kept: string | undefined): string {
  if (kept !== undefined) return kept;
  return /^\s/.test(found) ? ' ' : '?';
}

/** A constant of a text: where it stands in UTF-16 units, and its value. */
export interface Constant {
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

/** Gives a text's shape with the constants that it leaves out, in their order; NULL is no constant. */
export function readShape(text: string): { readonly shape: string; readonly constants: readonly Constant[] } {
  const constants: Constant[] = [];
  const shape = text.replace(CONSTANTS, (found: string, kept: string | undefined, _tag, start: number) => {
    const replaced = replaceConstant(found, kept);
    if (replaced === '?') constants.push({ start, end: start + found.length, value: constantValue(found) });
    return replaced;
  });
  return { shape, constants };
}

/** Escapes and dollar quotes are left as they stand: what is not compared as it stands links nothing. */
function constantValue(constant: string): string {
  return constant.startsWith("'") ? constant.slice(1, -1).replaceAll("''", "'") : constant;
}
