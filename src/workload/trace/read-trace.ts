import { StewardError } from '../../errors.js';
import type { StatementEvent } from '../../model/trace.js';
import { findFiles } from '../find-files.js';
import { linesUntilCut } from '../log/log-lines.js';
import { oldestFirst } from '../oldest-first.js';
import { SkipTally } from '../skip-tally.js';
import { readJson, TraceReader } from './trace-reader.js';

/** So many lines tell whether each is a value of its own. */
const LINES_ASKED = 50;
/** A document of many lines is read as a whole. */
const DOCUMENT_LENGTH_MAX = 32_000_000;

/**
 * Reads every statement of one or many recordings of a tap or OTLP/JSON files, plain or gzip, oldest first; what is
 * neither is counted as skipped. A StewardError of code `usage` where all of it is neither, or is one document too
 * large to be read at once.
 */
export async function readTrace(
  path: string,
  skipped: SkipTally,
  emit: (event: StatementEvent) => void,
): Promise<void> {
  const files = await findFiles(path, { spec: 'trace', extension: null });
  const reader = new TraceReader(emit, skipped);
  for (const file of await oldestFirst(files, firstTime)) await readFile(file, { reader, skipped });
  reader.end();
  if (reader.known > 0) return;
  throw new StewardError('usage', `${path} is neither a recording of pgsteward tap nor a trace in OTLP/JSON`, {
    hint: 'name a file that pgsteward tap or an OpenTelemetry file exporter has written, with --workload trace:PATH',
  });
}

async function firstTime(file: string): Promise<number | null> {
  let asked = 0;
  const times: number[] = [];
  const reader = new TraceReader(({ atMs }) => times.push(atMs ?? Number.POSITIVE_INFINITY), new SkipTally());
  for await (const lines of linesUntilCut(file, { skipped: new SkipTally(), spec: 'trace' })) {
    for (const line of lines.slice(0, LINES_ASKED)) reader.line(line);
    asked += lines.length;
    if (asked >= LINES_ASKED) break;
  }
  reader.end();
  return times.length === 0 ? null : Math.min(...times);
}

async function readFile(
  file: string,
  { reader, skipped }: { readonly reader: TraceReader; readonly skipped: SkipTally },
): Promise<void> {
  let document: Document | null = null;
  let isFirst = true;
  for await (const lines of linesUntilCut(file, { skipped, spec: 'trace' })) {
    if (isFirst && isOneDocument(lines)) document = new Document(file);
    isFirst = false;
    if (document !== null) document.add(lines);
    else for (const line of lines) reader.line(line);
  }
  document?.end(reader, skipped);
}

/** The file is written over many lines, or its one line is longer than lines are read. */
function isOneDocument(lines: readonly string[]): boolean {
  const asked = lines.slice(0, LINES_ASKED);
  const [first = ''] = asked.filter((line) => line.trim() !== '');
  return /^\s*\{/.test(first) && !asked.some((line) => readJson(line) !== null);
}

class Document {
  private readonly file: string;
  private readonly lines: string[] = [];
  private length = 0;

  constructor(file: string) {
    this.file = file;
  }

  add(lines: readonly string[]): void {
    for (const line of lines) this.length += line.length + 1;
    if (this.length >= DOCUMENT_LENGTH_MAX) throw this.tooLarge();
    this.lines.push(...lines);
  }

  /** A file that only began like a document is read by its lines. */
  end(reader: TraceReader, skipped: SkipTally): void {
    const value = readJson(this.lines.join('\n'));
    if (value !== null && reader.document(value)) return;
    if (value !== null) skipped.add('a document that is no OTLP/JSON', this.file);
    else for (const line of this.lines) reader.line(line);
  }

  private tooLarge(): StewardError {
    const size = `${DOCUMENT_LENGTH_MAX / 1_000_000} MB`;
    return new StewardError('usage', `the trace ${this.file} is one JSON document of more than ${size}`, {
      hint: `write one request a line, as the collector's file exporter does: jq -c '.resourceSpans[] | {resourceSpans: [.]}' ${this.file}`,
    });
  }
}
