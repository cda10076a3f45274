import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { StringDecoder } from 'node:string_decoder';
import { createGunzip } from 'node:zlib';
import { messageOf, StewardError } from '../errors.js';
import type { Catalog, Table } from '../model/catalog.js';
import type { ColumnStatistics, ExtendedStatistics, Statistics } from '../model/statistics.js';
import type { WorkloadStatement } from '../model/workload.js';
import {
  FORMAT_VERSION,
  HEADER,
  LINES,
  type LineKind,
  type SnapshotDocument,
  type SnapshotWorkload,
} from './format.js';

/** Reads a snapshot file; a StewardError says in one sentence why it is none, is not whole, or is too new. */
export async function readSnapshotFile(
  path: string,
  options: { readonly signal?: AbortSignal } = {},
): Promise<SnapshotDocument> {
  const assembly = new Assembly(path);
  let refusal: unknown = null;
  try {
    await pipeline(
      createReadStream(path),
      createGunzip(),
      async (chunks: AsyncIterable<Buffer>) => {
        try {
          for await (const line of linesOf(chunks)) assembly.add(line);
        } catch (error) {
          // The stream that is cut off by this may fail first, by being cut off.
          refusal = error;
          throw error;
        }
      },
      options,
    );
  } catch (error) {
    options.signal?.throwIfAborted();
    throw refusal instanceof StewardError ? refusal : explain(path, error);
  }
  return assembly.result();
}

async function* linesOf(chunks: AsyncIterable<Buffer>): AsyncGenerator<string> {
  const decoder = new StringDecoder('utf8');
  let rest = '';
  for await (const chunk of chunks) {
    const lines = `${rest}${decoder.write(chunk)}`.split('\n');
    rest = lines.pop() ?? '';
    yield* lines;
  }
  rest += decoder.end();
  if (rest !== '') yield rest;
}

/** Puts the lines of a file together. */
class Assembly {
  private lines = 0;
  private header: { readonly role: string; readonly redacted: boolean } | null = null;
  private isWhole = false;
  private readonly single = new Map<LineKind, unknown>();
  private readonly many = new Map<LineKind, unknown[]>();
  private readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  add(line: string): void {
    this.lines += 1;
    const content = this.parse(line);
    if (this.header === null) {
      this.header = this.readHeader(content);
      return;
    }
    const [kind, value] = Object.entries(content)[0] ?? ['', null];
    // A later writer of this version may know more kinds.
    if (!isLineKind(kind)) return;
    const parsed = LINES[kind].safeParse(value);
    if (!parsed.success) throw this.damaged();
    if (kind === 'end') this.isWhole = LINES.end.parse(value).lines === this.lines - 1;
    else if (MANY.has(kind)) this.many.set(kind, append(this.many.get(kind), parsed.data));
    else this.single.set(kind, parsed.data);
  }

  result(): SnapshotDocument {
    if (this.header === null) throw foreign(this.path);
    const catalog = this.single.get('catalog');
    const statistics = this.single.get('statistics');
    const workload = this.single.get('workload');
    if (!this.isWhole || catalog === undefined || statistics === undefined || workload === undefined)
      throw incomplete(this.path);
    return {
      role: this.header.role,
      redacted: this.header.redacted,
      snapshot: {
        catalog: { ...(catalog as Omit<Catalog, 'tables'>), tables: this.listOf<Table>('table') },
        statistics: {
          ...(statistics as Omit<Statistics, 'columns' | 'extended'>),
          columns: this.listOf<ColumnStatistics>('column'),
          extended: this.listOf<ExtendedStatistics>('extended'),
        },
      },
      workload: {
        ...(workload as Omit<SnapshotWorkload, 'statements'>),
        statements: this.listOf<WorkloadStatement>('statement'),
      },
    };
  }

  /** The one place where what was read becomes the model's types. */
  private listOf<Item>(kind: LineKind): readonly Item[] {
    return (this.many.get(kind) ?? []) as readonly Item[];
  }

  private parse(line: string): object {
    try {
      const content: unknown = JSON.parse(line);
      if (typeof content === 'object' && content !== null) return content;
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
    }
    throw this.header === null ? foreign(this.path) : this.damaged();
  }

  private readHeader(content: object) {
    const parsed = HEADER.safeParse(content);
    if (!parsed.success) throw foreign(this.path);
    const { version, role, redacted } = parsed.data;
    if (version > FORMAT_VERSION) {
      throw new StewardError(
        'usage',
        `the snapshot ${this.path} has format version ${version}; this program reads up to version ${FORMAT_VERSION}`,
        { hint: 'read it with a newer pgsteward, or write it again with this one: pgsteward snapshot --output FILE' },
      );
    }
    return { role, redacted };
  }

  private damaged(): StewardError {
    return new StewardError(
      'usage',
      `line ${this.lines} of the snapshot ${this.path} is not what a snapshot holds there`,
      {
        hint: WRITE_AGAIN,
      },
    );
  }
}

const MANY: ReadonlySet<LineKind> = new Set<LineKind>(['table', 'column', 'extended', 'statement']);

function isLineKind(kind: string): kind is LineKind {
  return Object.hasOwn(LINES, kind);
}

function append(list: unknown[] | undefined, item: unknown): unknown[] {
  if (list === undefined) return [item];
  list.push(item);
  return list;
}

const WRITE_AGAIN = 'write it again: pgsteward snapshot --database-url URL --output FILE';

function foreign(path: string): StewardError {
  return new StewardError('usage', `${path} is no snapshot of pgsteward`, { hint: WRITE_AGAIN });
}

function incomplete(path: string): StewardError {
  return new StewardError('usage', `the snapshot ${path} is not whole: its end is missing`, { hint: WRITE_AGAIN });
}

/** What zlib and the file system say; the first bytes tell whether it was ever compressed. */
function explain(path: string, error: unknown): unknown {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'Z_BUF_ERROR') return incomplete(path);
  if (code === 'Z_DATA_ERROR' && messageOf(error) === 'incorrect header check') return foreign(path);
  if (code === 'Z_DATA_ERROR') {
    return new StewardError('usage', `the snapshot ${path} is damaged: ${messageOf(error)}`, {
      hint: WRITE_AGAIN,
      cause: error,
    });
  }
  const reason = REASONS[code];
  if (reason === undefined) return error;
  return new StewardError('usage', `the snapshot ${path} cannot be read: ${reason}`, {
    hint: 'pass the path of a file that pgsteward snapshot has written',
    cause: error,
  });
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'there is no such file',
  EISDIR: 'it is a folder',
  EACCES: 'you may not read it',
};
