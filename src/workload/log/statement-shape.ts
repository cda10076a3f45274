/** A constant of a text: where it stands in UTF-16 units, and its value. */
export interface Constant {
  readonly start: number;
  readonly end: number;
  readonly value: string;
}

/** A text with every constant as `?`, and those constants in their order. */
export interface Shape {
  readonly shape: string;
  readonly constants: readonly Constant[];
}

let lastText = '';
let lastShape: Shape = { shape: '', constants: [] };

/**
 * Gives a text with every constant as `?`, without comments, space made one: equal for statements that differ in values
 * alone. It is far quicker than the parser's fingerprint, for logs of millions of lines, and only groups: what is
 * reported is fingerprinted by the parser. NULL is no constant.
 */
export function readShape(text: string): Shape {
  // Each reader of a log asks for the same text in turn.
  if (text !== lastText) {
    lastShape = scan(text);
    lastText = text;
  }
  return lastShape;
}

/** Gives the shape alone. */
export function shapeOf(text: string): string {
  return readShape(text).shape;
}

const SPACE = 1;
const WORD = 2;
const DIGIT = 3;
/** By code below 128; all above belong to words, as they do to the server. */
const KINDS = new Uint8Array(128);
for (const space of ' \t\n\r\f\v') KINDS[space.charCodeAt(0)] = SPACE;
for (const word of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_') KINDS[word.charCodeAt(0)] = WORD;
for (const digit of '0123456789') KINDS[digit.charCodeAt(0)] = DIGIT;

const [QUOTE, DOUBLE_QUOTE, DOLLAR, DASH, SLASH, STAR, DOT, BACKSLASH, AMPERSAND] = [
  39, 34, 36, 45, 47, 42, 46, 92, 38,
];

function kindAt(text: string, at: number): number {
  const code = text.charCodeAt(at);
  return code < 128 ? (KINDS[code] ?? 0) : code >= 128 ? WORD : 0;
}

function scan(text: string): Shape {
  const constants: Constant[] = [];
  const { length } = text;
  let [shape, from, at] = ['', 0, 0];
  while (at < length) {
    const end = constantEnd(text, at);
    if (end > at) {
      shape += `${text.slice(from, at)}?`;
      constants.push({ start: at, end, value: constantValue(text, at, end) });
      from = at = end;
      continue;
    }
    const gap = gapEnd(text, at);
    if (gap === at) {
      at = keptEnd(text, at);
      continue;
    }
    shape += text.slice(from, at);
    if (shape !== '' && gap < length) shape += ' ';
    from = at = gap;
  }
  return { shape: shape + text.slice(from), constants };
}

/** Gives where the constant ends that begins here, or here where none does. */
function constantEnd(text: string, at: number): number {
  const kind = kindAt(text, at);
  if (kind === DIGIT) return numberEnd(text, at);
  const code = text.charCodeAt(at);
  if (code === QUOTE) return quoteEnd(text, at, false);
  if (code === DOT && kindAt(text, at + 1) === DIGIT) return numberEnd(text, at);
  if (code === DOLLAR) return dollarEnd(text, at);
  if (kind !== WORD) return at;
  if (text.charCodeAt(at + 1) === QUOTE && /[eEbBxXnN]/.test(text.charAt(at)))
    return quoteEnd(text, at + 1, /[eE]/.test(text.charAt(at)));
  const isUnicode = text.charCodeAt(at + 1) === AMPERSAND && text.charCodeAt(at + 2) === QUOTE;
  return isUnicode && /[uU]/.test(text.charAt(at)) ? quoteEnd(text, at + 2, false) : at;
}

/** A text that was cut ends within its quote. */
function quoteEnd(text: string, open: number, hasEscapes: boolean): number {
  for (let at = open + 1; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === BACKSLASH && hasEscapes) at += 1;
    else if (code === QUOTE) {
      if (text.charCodeAt(at + 1) !== QUOTE) return at + 1;
      at += 1;
    }
  }
  return text.length;
}

/** Of `$tag$ … $tag$`; a parameter is no constant. */
function dollarEnd(text: string, open: number): number {
  let at = open + 1;
  if (kindAt(text, at) === DIGIT) return open;
  while (kindAt(text, at) >= WORD) at += 1;
  if (text.charCodeAt(at) !== DOLLAR) return open;
  const tag = text.slice(open, at + 1);
  const close = text.indexOf(tag, at + 1);
  return close === -1 ? text.length : close + tag.length;
}

const NUMBER = /0[xX][\da-fA-F_]+|0[oO][0-7_]+|0[bB][01_]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y;

function numberEnd(text: string, at: number): number {
  NUMBER.lastIndex = at;
  return NUMBER.test(text) ? NUMBER.lastIndex : at;
}

/** Space and comments. */
function gapEnd(text: string, from: number): number {
  let at = from;
  for (;;) {
    const code = text.charCodeAt(at);
    if (code < 128 && KINDS[code] === SPACE) at += 1;
    else if (code === DASH && text.charCodeAt(at + 1) === DASH) at = lineEnd(text, at);
    else if (code === SLASH && text.charCodeAt(at + 1) === STAR) at = commentEnd(text, at);
    else return at;
  }
}

function lineEnd(text: string, at: number): number {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
}

/** Comments stand within comments. */
function commentEnd(text: string, open: number): number {
  let depth = 0;
  for (let at = open; at < text.length - 1; at++) {
    const [code, next] = [text.charCodeAt(at), text.charCodeAt(at + 1)];
    if (code === SLASH && next === STAR) depth += 1;
    else if (code === STAR && next === SLASH) depth -= 1;
    else continue;
    at += 1;
    if (depth === 0) return at + 1;
  }
  return text.length;
}

/** A word, a parameter, a quoted name, or one character. */
function keptEnd(text: string, from: number): number {
  const code = text.charCodeAt(from);
  let at = from + 1;
  if (code === DOUBLE_QUOTE) {
    const end = text.indexOf('"', at);
    return end === -1 ? text.length : end + 1;
  }
  if (code === DOLLAR || kindAt(text, from) === WORD)
    while (kindAt(text, at) >= WORD || text.charCodeAt(at) === DOLLAR) at += 1;
  return at;
}

/** Escapes and dollar quotes are left as they stand: what is not compared as it stands links nothing. */
function constantValue(text: string, start: number, end: number): string {
  const constant = text.slice(start, end);
  return text.charCodeAt(start) === QUOTE ? constant.slice(1, -1).replaceAll("''", "'") : constant;
}
