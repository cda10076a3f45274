import { readFile, stat } from 'node:fs/promises';
import { messageOf, StewardError } from '../errors.js';
import type { MigrationDirective, MigrationScript } from '../model/migration.js';

/** The parser needs 70 bytes of memory for a byte of text: 10 MB take 7 s and 666 MB. */
const FILE_BYTES_MAX = 10_000_000;

/** Reads one file; a StewardError of code `configuration` where it is too large, unreadable or not UTF-8. */
export async function readScript(path: string): Promise<MigrationScript> {
  const text = normaliseText(decode(path, await readBytes(path)));
  return { path, text, directives: directivesOf(path, text) };
}

/** Gives a text with line feeds alone and without a byte order mark, so that a check-out's line ends change nothing. */
function normaliseText(text: string): string {
  return text.replace(/^\uFEFF/, '').replace(/\r\n?/g, '\n');
}

async function readBytes(path: string): Promise<Buffer> {
  try {
    const { size } = await stat(path);
    if (size > FILE_BYTES_MAX) throw tooLarge(path, size);
    return await readFile(path);
  } catch (error) {
    throw error instanceof StewardError ? error : explainFileError(path, error);
  }
}

/** Says why a file or folder cannot be read or written, and what to do about it. */
export function explainFileError(path: string, error: unknown, verb: 'read' | 'written' = 'read'): StewardError {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  const [reason, hint] = REASONS[code] ?? [messageOf(error), 'look at the file, then run the command again'];
  return new StewardError('configuration', `${path} cannot be ${verb}: ${reason}`, { hint, cause: error });
}

const REASONS: Readonly<Record<string, readonly [string, string]>> = {
  ENOENT: ['there is no such file or folder', 'check the path, and pass the folder that holds the migrations'],
  EACCES: ['this user has no right to it', 'give this user the right to it, with chmod or chown'],
  EPERM: ['this user has no right to it', 'give this user the right to it, with chmod or chown'],
  ELOOP: ['its symbolic links go round in a circle', 'remove the link, or let it point to a file'],
  EISDIR: ['it is a folder', 'migrations are files: rename the folder or move it away'],
  EEXIST: ['something of this name is there already', 'move it away, then run the command again'],
  ENOSPC: ['the disk is full', 'make room, then run the command again'],
  EROFS: ['the file system is read-only', 'pass a folder on another one'],
  ENOTDIR: ['a part of its path is a file', 'check the path, and pass the folder that holds the migrations'],
};

function tooLarge(path: string, sizeBytes: number): StewardError {
  return new StewardError('configuration', `${path} has ${sizeBytes} bytes, more than ${FILE_BYTES_MAX}`, {
    hint: 'split it into several migrations, and load large amounts of rows outside of them',
  });
}

function decode(path: string, bytes: Buffer): string {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new StewardError('configuration', `${path}:${brokenLine(bytes)}: the text is not valid UTF-8`, {
      hint: 'save the file as UTF-8, for instance with iconv -f latin1 -t utf-8',
      cause: error,
    });
  }
  const nul = text.indexOf('\0');
  if (nul < 0) return text;
  throw new StewardError('configuration', `${path}:${lineAt(text, nul)}: the text holds a NUL character`, {
    hint: 'save the file as UTF-8 without NUL characters; UTF-16 is not read',
  });
}

/** Lines end at the byte 10 in UTF-8 and in every code page that could stand in its place. */
function brokenLine(bytes: Buffer): number {
  const lines = bytes.toString('latin1').split('\n');
  const broken = lines.findIndex((line) => !isUtf8(Buffer.from(line, 'latin1')));
  return Math.max(broken, 0) + 1;
}

function isUtf8(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString('utf8'), 'utf8').equals(bytes);
}

function lineAt(text: string, offset: number): number {
  return text.slice(0, offset).split('\n').length;
}

function directivesOf(path: string, text: string): MigrationDirective[] {
  if (!text.includes('pgsteward:')) return [];
  return text.split('\n').flatMap((content, index) => {
    const words = /^\s*--\s*pgsteward:(.*)$/.exec(content)?.[1]?.trim();
    return words === undefined ? [] : [parseDirective({ path, line: index + 1, words })];
  });
}

interface DirectiveLine {
  readonly path: string;
  readonly line: number;
  readonly words: string;
}

function parseDirective({ path, line, words }: DirectiveLine): MigrationDirective {
  const [, verb = '', rest = ''] = /^(\S*)\s*(.*)$/.exec(words) ?? [];
  const [, ruleId = '', reason = ''] = /^(\S*)\s*(.*)$/.exec(rest) ?? [];
  if (verb === 'no-transaction' && rest === '') return { kind: 'no-transaction', line };
  if (verb === 'irreversible' && rest !== '') return { kind: 'irreversible', line, reason: rest };
  if (verb === 'ignore' && reason !== '') return { kind: 'ignore', line, ruleId, reason };
  throw new StewardError('configuration', `${path}:${line}: "-- pgsteward: ${words}" is no directive`, {
    hint: 'write "no-transaction", "irreversible <reason>" or "ignore <rule> <reason>" after "-- pgsteward:"',
  });
}
