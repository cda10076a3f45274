import type { IncomingMessage } from 'node:http';
import { badParameter, Problem } from './problem.js';

/** Most bytes of a body. */
const BODY_BYTES_MOST = 64 * 1024;

/** Gives the path and what stands behind the question mark, whichever form the request's target has. */
export function splitTarget(target: string): { readonly path: string; readonly search: string } {
  const local = target.replace(/^https?:\/\/[^/?]*/i, '');
  const mark = local.indexOf('?');
  const path = mark === -1 ? local : local.slice(0, mark);
  return { path: path === '' ? '/' : path, search: mark === -1 ? '' : local.slice(mark + 1) };
}

/**
 * Reads the parameters behind the question mark; a Problem of status 400 names one that is unknown or given twice.
 * Where nobody minds (null) they are passed by.
 */
export function readQuery(search: string, known: readonly string[] | null): ReadonlyMap<string, string> {
  const query = new Map<string, string>();
  if (known === null) return query;
  for (const [name, value] of new URLSearchParams(search)) {
    const takes = known.length === 0 ? 'it takes none' : `it takes ${known.join(', ')}`;
    if (!known.includes(name)) throw badParameter(`there is no parameter ${quoted(name)} here: ${takes}`);
    if (query.has(name)) throw badParameter(`the parameter ${name} is given more than once`);
    if (value.includes('\0')) throw badParameter(`the parameter ${name} holds a zero byte`);
    query.set(name, value);
  }
  return query;
}

/** Refuses a body that says that it is too long before any of it is read. */
export function refuseLongBody(request: IncomingMessage): void {
  if (Number(request.headers['content-length'] ?? 0) > BODY_BYTES_MOST) throw tooLong();
}

/** Reads the body as text; a Problem of status 413 when it is too long, of 408 when it breaks off. */
export async function readBody(request: IncomingMessage): Promise<string> {
  try {
    return await readWhole(request);
  } catch (error) {
    if (error instanceof Problem || request.complete) throw error;
    throw new Problem(408, { kind: 'broken-request', detail: 'the body of the request broke off' });
  }
}

async function readWhole(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request) {
    const bytes = chunk as Buffer;
    length += bytes.length;
    if (length > BODY_BYTES_MOST) throw tooLong();
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function tooLong(): Problem {
  return new Problem(413, {
    kind: 'body-too-long',
    detail: `a body of more than ${BODY_BYTES_MOST / 1024} KiB is not read`,
    headers: { Connection: 'close' },
  });
}

function quoted(name: string): string {
  return JSON.stringify(name.slice(0, 80));
}
