/** Letters or digits that a search asks for: shorter ones are in most texts. */
const PIECE_LENGTH = 5;
/** Letters of a prefix behind what all values begin with, from what a search box gets first to what names little else. */
const PREFIX_LENGTHS: readonly number[] = [2, 4, 7];

/** How long a prefix is to be. */
export interface PrefixChoice {
  /** From the shortest (0) to the longest (2). */
  readonly place: number;
  /** Letters with which all values begin. */
  readonly common: number;
}

/** Gives the count of letters with which both texts begin. */
export function commonLength(one: string, other: string): number {
  const [a, b] = [[...one], [...other]];
  const differs = a.findIndex((letter, place) => letter !== b[place]);
  return differs === -1 ? a.length : differs;
}

/** Gives what a statement would look for by a pattern operator, made of a value that is there. */
export function searchedText(
  value: string,
  { operator, isPart = false }: { readonly operator: string; readonly isPart?: boolean },
  { place, common }: PrefixChoice,
): string {
  const length = common + (PREFIX_LENGTHS[place] ?? 0);
  const prefix = [...value]
    .slice(0, length)
    .join('')
    .replace(/[\\%_]/g, '');
  if (operator === '^@') return prefix;
  if (operator.includes('%')) return value;
  const piece = pieceOf(value);
  if (isPart || operator.startsWith('~*') || operator === '~') return piece;
  return operator.startsWith('~~*') ? `%${piece}%` : `${prefix}%`;
}

/** Gives what a statement would look for in documents: one member of a document that is there, or its name. */
export function searchedMember(document: string, operator: string, place: number): string | readonly string[] | null {
  const members = membersOf(document);
  const member = members[place % Math.max(1, members.length)];
  if (member === undefined) return null;
  if (operator === '@>') return JSON.stringify(Object.fromEntries([member]));
  return operator === '?' ? member[0] : [member[0]];
}

/** Members that hold no other document, since those are what people search by. */
function membersOf(document: string): readonly (readonly [string, unknown])[] {
  try {
    const parsed: unknown = JSON.parse(document);
    if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return [];
    return Object.entries(parsed).filter(([, value]) => typeof value !== 'object');
  } catch (error) {
    if (error instanceof SyntaxError) return [];
    throw error;
  }
}

/** From the middle of the longest word: words begin and end alike. */
function pieceOf(value: string): string {
  const words = value.match(/[\p{L}\p{N}]+/gu) ?? [];
  const longest = [...words].sort((a, b) => b.length - a.length)[0] ?? 'x';
  const from = Math.max(0, Math.floor((longest.length - PIECE_LENGTH) / 2));
  return longest.slice(from, from + PIECE_LENGTH);
}
