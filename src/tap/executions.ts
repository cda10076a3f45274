import { readTag, readTagRows } from './backend-bodies.js';
import type { Description } from './description.js';
import { readBoundNames, readBoundValues, readName, readParse, readTarget } from './frontend-bodies.js';
import type { BodyPlace } from './message-framer.js';
import type { Operation } from './operations.js';
import { type Portal, Prepared, type PreparedStatement } from './prepared.js';
import type { RecordedText, TextReader } from './recorded-text.js';
import { ResultRows } from './result-rows.js';
import type { ValueWriter } from './value-writer.js';

/** One statement that was run, for the recording. */
export interface EndedExecution {
  readonly protocol: 'simple' | 'extended';
  readonly text: RecordedText;
  /** Bound values as JSON; null where there are none, or where they were too long. */
  readonly parameters: readonly string[] | null;
  readonly rowCount: number;
  readonly error: string | null;
  /** Only until the call returns. */
  readonly rows: ResultRows;
  readonly isFetch: boolean;
  readonly startedAtMs: number;
  readonly durationMs: number;
  /** Number of the explicit transaction within the session; null outside one. */
  readonly transaction: number | null;
}

export type ExecutionSink = (execution: EndedExecution) => void;

interface Options {
  readonly values: ValueWriter;
  readonly texts: TextReader;
  readonly onExecution: ExecutionSink;
}

type ReadDescription = (known: Description | null) => Description | null;

const DEALLOCATE = /^deallocate\s+(?:prepare\s+)?(?:"((?:[^"]|"")+)"|([\w$]+))/i;

/** What a session has prepared and runs: turns the answers of the server into executions. */
export class Executions {
  /** True where `\` escapes in plain strings. */
  backslashes = false;
  private readonly options: Options;
  private readonly prepared = new Prepared();
  private readonly rows: ResultRows;
  private lastEndMs = 0;
  private transactions = 0;
  private inTransaction = false;
  /** Of the query that is being answered: its statements, and how many of them have ended. */
  private query: { readonly operation: Operation; readonly statements: readonly RecordedText[]; ended: number } | null =
    null;
  private queryDescription: Description | null = null;

  constructor(options: Options) {
    this.options = options;
    this.rows = new ResultRows(options.values);
  }

  wantedOfRow(head: Operation | undefined): number {
    if (head?.kind === 'execute' && this.rows.needsBeginning) {
      const portal = this.prepared.portal(readName(head));
      this.rows.begin(portal?.statement.description ?? null, portal?.formats ?? false);
    }
    return this.rows.wantedBytes;
  }

  row(body: Buffer, { start, end }: BodyPlace): void {
    this.rows.add(body, start, end);
  }

  parsed(operation: Operation): void {
    const { name, text: sent, parameterTypes } = readParse(operation);
    const text = this.textOf(sent, operation);
    const earlier = this.prepared.statement(name);
    const earlierDescription = earlier?.text === text ? (earlier.description ?? earlier.earlierDescription) : null;
    this.prepared.define(name, { text, parameterTypes, description: null, earlierDescription });
  }

  bound(operation: Operation): void {
    const { portal, statement: name, reader } = readBoundNames(operation);
    const statement = this.prepared.statement(name);
    this.prepared.bind(portal, statement === undefined ? undefined : this.portalOf(statement, operation, reader));
  }

  closed(operation: Operation): void {
    const { isPortal, name } = readTarget(operation);
    if (isPortal) this.prepared.closePortal(name);
    else this.prepared.closeStatement(name);
  }

  parametersDescribed(operation: Operation, types: readonly number[]): void {
    const statement = this.prepared.statement(readTarget(operation).name);
    if (statement !== undefined) statement.parameterTypes = types;
  }

  described({ isPortal, name }: { isPortal: boolean; name: string }, read: ReadDescription): void {
    const statement = isPortal ? this.prepared.portal(name)?.statement : this.prepared.statement(name);
    if (statement !== undefined) statement.description = read(statement.description ?? statement.earlierDescription);
  }

  queryDescribed(read: ReadDescription): void {
    this.queryDescription = read(this.queryDescription);
    this.rows.begin(this.queryDescription, this.queryDescription?.formats ?? false);
  }

  complete(operation: Operation, { body, place, nowMs }: { body: Buffer; place: BodyPlace; nowMs: number }): void {
    const first = body[place.start];
    // BEGIN, START TRANSACTION, DEALLOCATE, DISCARD: the others need no reading.
    if (first === 66 || first === 83 || first === 68) this.tagged(readTag(body, place), operation);
    this.end(operation, { error: null, rowCount: readTagRows(body, place), nowMs });
  }

  /** The client has got as many rows as it asked for. */
  suspend(operation: Operation, nowMs: number): void {
    this.end(operation, { error: null, rowCount: null, nowMs });
  }

  fail(operation: Operation, { sqlState, nowMs }: { sqlState: string; nowMs: number }): void {
    this.end(operation, { error: sqlState, rowCount: null, nowMs });
  }

  /** The server waits for the next statement, within a transaction or not. */
  ready(inTransaction: boolean): void {
    this.query = null;
    this.rows.reset();
    if (inTransaction) this.beginTransaction();
    else {
      this.inTransaction = false;
      this.prepared.clearPortals();
    }
  }

  private portalOf(statement: PreparedStatement, operation: Operation, reader: Parameters<typeof readBoundValues>[0]) {
    const values = operation.isWhole
      ? readBoundValues(reader, statement, this.options.values)
      : { parameters: null, formats: false };
    // Without the formats, which stand at the end, no row can be read.
    const known = operation.isWhole ? statement : { ...statement, description: null };
    return { statement: known, parameters: values.parameters, formats: values.formats, wasRun: false };
  }

  private textOf(sent: string, { isWhole }: Operation): RecordedText {
    const [text] = this.options.texts.read(sent, { isWhole, backslashes: this.backslashes });
    return text ?? EMPTY;
  }

  private tagged(tag: string, operation: Operation): void {
    if (tag === 'BEGIN' || tag === 'START TRANSACTION') this.beginTransaction();
    else if (tag === 'DEALLOCATE ALL' || tag === 'DISCARD ALL') this.prepared.clearStatements();
    else if (tag === 'DEALLOCATE') {
      const text = JSON.parse(this.subjectOf(operation)?.text.json ?? '""') as string;
      const [, quoted, plain] = DEALLOCATE.exec(text) ?? [];
      this.prepared.closeStatement(quoted?.replaceAll('""', '"') ?? plain?.toLowerCase() ?? '');
    }
  }

  private beginTransaction(): void {
    if (!this.inTransaction) this.transactions += 1;
    this.inTransaction = true;
  }

  private end(
    operation: Operation,
    { error, rowCount, nowMs }: { error: string | null; rowCount: number | null; nowMs: number },
  ): void {
    const subject = this.subjectOf(operation);
    const startedAtMs = Math.max(operation.atMs, this.lastEndMs);
    this.lastEndMs = nowMs;
    if (subject !== null)
      // Written out: this runs for every statement, and spreads are slow.
      this.options.onExecution({
        protocol: operation.kind === 'query' ? 'simple' : 'extended',
        text: subject.text,
        parameters: subject.portal?.parameters ?? null,
        rowCount: rowCount ?? this.rows.count,
        error,
        rows: this.rows,
        isFetch: subject.portal?.wasRun ?? false,
        startedAtMs,
        durationMs: nowMs - startedAtMs,
        transaction: this.inTransaction ? this.transactions : null,
      });
    if (this.query !== null) this.query.ended += 1;
    if (subject?.portal !== undefined && operation.kind === 'execute') subject.portal.wasRun = true;
    this.rows.reset();
  }

  /** What an operation runs, or was to run; null where it is not known. */
  private subjectOf(operation: Operation): { readonly text: RecordedText; readonly portal?: Portal } | null {
    switch (operation.kind) {
      case 'query':
        return this.statementOf(operation);
      case 'execute': {
        const portal = this.prepared.portal(readName(operation));
        return portal === undefined ? null : { text: portal.statement.text, portal };
      }
      case 'parse':
        return { text: this.textOf(readParse(operation).text, operation) };
      case 'bind':
        return this.prepared.statement(readBoundNames(operation).statement) ?? null;
      default:
        return null;
    }
  }

  private statementOf(operation: Operation): { readonly text: RecordedText } | null {
    if (this.query?.operation !== operation) {
      const { body, start, end, isWhole } = operation;
      const sent = isWhole ? readName(operation) : body.toString('utf8', start, end);
      const statements = this.options.texts.read(sent, { isWhole, backslashes: this.backslashes });
      this.query = { operation, statements, ended: 0 };
    }
    const text = this.query.statements[this.query.ended];
    return text === undefined ? null : { text };
  }
}

const EMPTY: RecordedText = { json: '""', isComplete: true, constants: [], hasTooMany: false, parameterMost: 0 };
