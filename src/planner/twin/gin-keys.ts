import { parseArrayLiteral } from '../../sql/array-literal.js';

/** What an operator class takes apart: a document by keys and values or by paths, an array, lexemes, or trigrams. */
export type GinKeyKind = 'json keys' | 'json paths' | 'elements' | 'lexemes' | 'trigrams';

/** Gives what is taken apart, by the operator class where it is not the type's own; null for a value as a whole. */
export function ginKeyKind(opclass: string | null, type: string): GinKeyKind | null {
  if (opclass?.endsWith('jsonb_path_ops') === true) return 'json paths';
  if (opclass?.endsWith('gin_trgm_ops') === true) return 'trigrams';
  if (type.endsWith('[]')) return 'elements';
  return KINDS[type] ?? null;
}

const KINDS: Readonly<Record<string, GinKeyKind>> = { jsonb: 'json keys', tsvector: 'lexemes' };

/** One key of a value, as a name that tells it from others and the bytes that it takes in an index. */
export interface GinKey {
  readonly name: string;
  readonly bytes: number;
  /** Where in a document it stands, with its text; absent where that tells nothing of other keys. */
  readonly place?: { readonly path: string; readonly text: string };
}

/** Bytes of an integer key behind the header of its entry. */
const INTEGER_BYTES = 4;

/** Gives the different keys of one value, from its text; none where the text is not of the kind. */
export function ginKeysOf(kind: GinKeyKind, text: string): readonly GinKey[] {
  const keys = EXTRACTORS[kind](text);
  return [...new Map(keys.map((key) => [key.name, key])).values()];
}

const EXTRACTORS: Readonly<Record<GinKeyKind, (text: string) => readonly GinKey[]>> = {
  'json keys': (text) =>
    jsonParts(text).flatMap(({ names, value }) => [
      ...names.map(stringKey),
      { ...stringKey(`=${value}`), place: placeOf(names, value) },
    ]),
  // The path and the value are hashed together.
  'json paths': (text) =>
    jsonParts(text).map(({ names, value }) => ({
      name: JSON.stringify([names, value]),
      bytes: INTEGER_BYTES,
      place: placeOf(names, value),
    })),
  elements: (text) =>
    text.startsWith('{{')
      ? []
      : parseArrayLiteral(text).flatMap((element) => (element === null ? [] : stringKey(element))),
  lexemes: (text) => [...text.matchAll(/'((?:[^']|'')*)'/g)].map(([, lexeme = '']) => stringKey(lexeme)),
  trigrams,
};

function stringKey(name: string): GinKey {
  return { name, bytes: 1 + Buffer.byteLength(name) };
}

function placeOf(names: readonly string[], text: string): NonNullable<GinKey['place']> {
  return { path: JSON.stringify(names), text };
}

interface JsonPart {
  /** Names of the objects' members on the way, and of none for an array's elements. */
  readonly names: readonly string[];
  readonly value: string;
}

function jsonParts(text: string): readonly JsonPart[] {
  const parts: JsonPart[] = [];
  const walk = (value: unknown, names: readonly string[]): void => {
    if (Array.isArray(value)) for (const item of value) walk(item, names);
    else if (typeof value === 'object' && value !== null)
      for (const [name, member] of Object.entries(value)) walk(member, [...names, name]);
    else parts.push({ names, value: String(value) });
  };
  const parsed = parseJson(text);
  if (parsed !== undefined) walk(parsed, []);
  return parts;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** As pg_trgm takes a text apart: words in small letters, two blanks before and one behind. */
function trigrams(text: string): readonly GinKey[] {
  const words = text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? [];
  return words.flatMap((word) => {
    const padded = [...`  ${word} `];
    return padded.slice(2).map((_, place) => ({ name: padded.slice(place, place + 3).join(''), bytes: INTEGER_BYTES }));
  });
}
