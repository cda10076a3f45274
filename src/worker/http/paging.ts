import { badParameter, Problem } from './problem.js';

/** Which part of a list is asked for. */
export interface PageRequest {
  readonly limit: number;
  /** Key of the last item of the page before; null for the first page. */
  readonly after: readonly string[] | null;
}

export interface Page<Item> {
  readonly items: readonly Item[];
  /** Gives the next page; null at the end. */
  readonly nextCursor: string | null;
}

/** A list whose items are in the order of a key of texts, each of a certain form. */
export interface ListKey {
  readonly list: string;
  readonly parts: readonly RegExp[];
}

/** Parameters that every list takes. */
export const PAGE_PARAMETERS: readonly string[] = ['limit', 'cursor'];
/** A moment to the microsecond, as a key has it. */
export const MOMENT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/;
/** A uuid in lower case. */
export const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const LIMIT = 50;
const LIMIT_MOST = 200;

/** Reads `limit` and `cursor`; a Problem of status 400 says what is wrong with them. */
export function readPageRequest(query: ReadonlyMap<string, string>, key: ListKey): PageRequest {
  const limit = query.get('limit') ?? String(LIMIT);
  if (!/^\d{1,4}$/.test(limit) || Number(limit) < 1 || Number(limit) > LIMIT_MOST)
    throw badParameter(`limit is ${JSON.stringify(limit)}; a whole number from 1 to ${LIMIT_MOST} is expected`);
  const cursor = query.get('cursor');
  return { limit: Number(limit), after: cursor === undefined ? null : readCursor(cursor, key) };
}

/** Cuts a page from one item more than the limit. */
export function pageOf<Item>(
  found: readonly Item[],
  { limit }: PageRequest,
  { list, keyOf }: { readonly list: string; readonly keyOf: (item: Item) => readonly string[] },
): Page<Item> {
  const items = found.slice(0, limit);
  const last = items.at(-1);
  if (found.length <= limit || last === undefined) return { items, nextCursor: null };
  return { items, nextCursor: Buffer.from(JSON.stringify([list, ...keyOf(last)])).toString('base64url') };
}

function readCursor(cursor: string, { list, parts }: ListKey): readonly string[] {
  const read = parseCursor(cursor);
  const [from, ...key] = read;
  if (from === list && key.length === parts.length && parts.every((part, index) => part.test(key[index] ?? '')))
    return key;
  throw new Problem(400, {
    kind: 'bad-cursor',
    detail: `the cursor is none that this list has given; leave it out to begin at the first page`,
  });
}

function parseCursor(cursor: string): readonly string[] {
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'));
    return Array.isArray(read) && read.every((part) => typeof part === 'string') ? read : [];
  } catch {
    return [];
  }
}
