import { readFile } from 'node:fs/promises';
import { messageOf, StewardError } from '../errors.js';
import type { SourceLocation, WorkloadStatement } from '../model/workload.js';
import { fingerprint } from '../sql/fingerprint.js';
import { parameterCount } from '../sql/parameters.js';
import { parseStatement } from '../sql/parse.js';
import { asParseFailure, type ParseFailure } from '../sql/parse-failure.js';
import { type Positions, positionsOf } from '../sql/positions.js';
import { readAnnotations } from './annotations.js';
import { findFiles } from './find-files.js';
import type { StatementsRead } from './pg-stat-statements.js';
import { whyIrrelevant } from './relevance.js';
import { SkipTally } from './skip-tally.js';
import { type StatementSlice, splitStatements } from './split-statements.js';

/** Reads the statements of a .sql file, of a folder of them or of those that a pattern matches. */
export async function readSqlFiles(path: string): Promise<StatementsRead> {
  const skipped = new SkipTally();
  const statements: WorkloadStatement[] = [];
  for (const file of await findFiles(path, { spec: 'sql', extension: '.sql' })) {
    const reader = new FileReader(file, await readText(file), skipped);
    statements.push(...reader.read());
  }
  return { statements, skipped: skipped.list() };
}

/** A larger file is a dump, not a workload; the parser would take 7 s and 666 MB for it. */
const FILE_BYTES_MAX = 10_000_000;

async function readText(file: string): Promise<string> {
  const bytes = await readFile(file).catch((error: unknown) => {
    throw new StewardError('usage', `the file ${file} cannot be read: ${messageOf(error)}`, {
      hint: 'check its rights, or name another one with --workload sql:PATH',
      cause: error,
    });
  });
  if (bytes.length > FILE_BYTES_MAX) {
    throw new StewardError('usage', `the file ${file} has ${bytes.length} bytes, more than ${FILE_BYTES_MAX}`, {
      hint: 'split it into smaller files; a workload needs each statement once, with -- calls: N before it',
    });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch (error) {
    throw new StewardError('usage', `the file ${file} is not UTF-8`, {
      hint: `convert it: iconv -f LATIN1 -t UTF-8 ${file}`,
      cause: error,
    });
  }
}

class FileReader {
  private readonly positions: Positions;
  private readonly file: string;
  private readonly text: string;
  private readonly skipped: SkipTally;

  constructor(file: string, text: string, skipped: SkipTally) {
    this.file = file;
    this.text = text;
    this.skipped = skipped;
    this.positions = positionsOf(text);
  }

  read(): readonly WorkloadStatement[] {
    return splitStatements(this.text).flatMap((slice) => this.readSlice(slice));
  }

  private readSlice(slice: StatementSlice, strict = true): readonly WorkloadStatement[] {
    const text = this.text.slice(slice.start, slice.end);
    const location = { file: this.file, ...this.positions.place(slice.start) };
    const place = placeOf(location);
    try {
      const { tree } = parseStatement(text);
      const reason = whyIrrelevant(tree, text);
      if (reason !== null) this.skipped.add(reason, `${place}: ${text}`);
      return reason === null ? [this.toStatement(text, slice, location)] : [];
    } catch (error) {
      const failure = asParseFailure(error);
      if (failure === null) throw error;
      const parts = strict ? this.splitFurther(slice) : [];
      if (parts.length > 1) return parts.flatMap((part) => this.readSlice(part, false));
      this.skipped.add(
        'does not parse as SQL',
        `${placeOf(failureLocation(location, failure))}: ${failure.message}: ${text}`,
      );
      return [];
    }
  }

  /** A parenthesis too many must not take the statements behind it along. */
  private splitFurther(slice: StatementSlice): readonly StatementSlice[] {
    const parts = splitStatements(this.text.slice(slice.start, slice.end), false);
    return parts.map((part, index) => ({
      start: part.start + slice.start,
      end: part.end + slice.start,
      comments: index === 0 ? slice.comments : part.comments,
    }));
  }

  private toStatement(text: string, slice: StatementSlice, location: SourceLocation): WorkloadStatement {
    const place = placeOf(location);
    const annotations = readAnnotations(slice.comments, place);
    const count = parameterCount(text);
    const wrong = annotations.parameterSamples.find((sample) => sample.length !== count);
    if (wrong !== undefined) {
      throw new StewardError('usage', `"-- params:" gives ${wrong.length} values for ${count} parameters at ${place}`, {
        hint: 'give one JSON value for each of $1, $2 …',
      });
    }
    const unmeasured = { totalTimeMs: null, rows: null, sharedBuffers: null };
    return { fingerprint: fingerprint(text), text, ...annotations, ...unmeasured, location };
  }
}

function placeOf({ file, line, column }: SourceLocation): string {
  return `${file}:${line}:${column}`;
}

/** The failure counts from the statement's start. */
function failureLocation(start: SourceLocation, failure: ParseFailure): SourceLocation {
  const sameLine = failure.line === 1;
  return {
    file: start.file,
    line: start.line + failure.line - 1,
    column: sameLine ? start.column + failure.column - 1 : failure.column,
  };
}
