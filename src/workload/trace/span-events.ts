import type { StatementEvent } from '../../model/trace.js';
import { parseStatements } from '../../sql/parse.js';
import { asParseFailure } from '../../sql/parse-failure.js';
import { scanTokens } from '../../sql/tokens.js';
import type { SkipTally } from '../skip-tally.js';
import { attributeOf, type Span } from './otlp-span.js';
import { type Numbered, numberParameters } from './placeholders.js';
import { SpanOrigins } from './span-origins.js';

/** Statements that wait for the spans above them, and for others that ended before them but were written later. */
const WAITING_MOST = 20_000;
/** Longer texts are taken as they are. */
const TEXT_LENGTH_MAX = 20_000;
/** Texts whose parameters were numbered. */
const TEXTS_MOST = 5000;

/** Makes statements of spans, in the order of their ends. */
export class SpanEvents {
  private readonly emit: (event: StatementEvent) => void;
  private readonly skipped: SkipTally;
  private readonly origins = new SpanOrigins();
  private readonly texts = new Map<string, Numbered & { readonly count: number }>();
  private waiting: { readonly span: Span; readonly text: string }[] = [];
  private sequence = 0;

  constructor(emit: (event: StatementEvent) => void, skipped: SkipTally) {
    this.emit = emit;
    this.skipped = skipped;
  }

  add(span: Span | null): void {
    if (span === null) {
      this.skipped.add('a span without its ids or its times', '');
      return;
    }
    this.origins.add(span);
    const text = this.textOf(span);
    if (text === null) return;
    this.waiting.push({ span, text });
    if (this.waiting.length >= 2 * WAITING_MOST) this.release(WAITING_MOST);
  }

  /** Gives what still waits. */
  end(): void {
    this.release(this.waiting.length);
  }

  private release(count: number): void {
    this.waiting.sort((one, other) => one.span.endMs - other.span.endMs);
    for (const { span, text } of this.waiting.slice(0, count)) this.emit(this.eventOf(span, text));
    this.waiting = this.waiting.slice(count);
  }

  private textOf(span: Span): string | null {
    const text = attributeOf(span, 'db.query.text', 'db.statement');
    const system = attributeOf(span, 'db.system.name', 'db.system');
    if (text === null && system === null) return null;
    const reason = whySkipped(span, text, system);
    if (reason === null) return text;
    this.skipped.add(reason, `${system ?? ''} ${text ?? span.name}`.trim());
    return null;
  }

  private eventOf(span: Span, sent: string): StatementEvent {
    const { text, names, count } = this.numbered(sent);
    const parameters = count === 0 ? null : valuesOf(span, { names, count });
    this.sequence += 1;
    return {
      atMs: span.endMs,
      // A trace tells no connection; its statements follow each other as those of one do.
      session: span.trace,
      ...{ sequence: this.sequence, text, parameters, durationMs: span.endMs - span.startMs },
      ...{ user: attributeOf(span, 'db.user'), application: span.service, transaction: null, isFetch: false },
      // `database|schema`, as the conventions have it since 1.26.
      database: attributeOf(span, 'db.namespace', 'db.name')?.split('|')[0] ?? null,
      origin: this.origins.of(span),
      ...(count > 0 && parameters === null ? { valueForm: 'absent' } : {}),
    };
  }

  private numbered(sent: string): Numbered & { readonly count: number } {
    const known = this.texts.get(sent);
    if (known !== undefined) return known;
    if (sent.length > TEXT_LENGTH_MAX) return { text: sent, names: [], count: 0 };
    const numbered = parses(sent) && !/@\w/.test(sent) ? { text: sent, names: [] } : numberParameters(sent);
    const found = { ...numbered, count: parametersOf(numbered.text) };
    this.texts.set(sent, found);
    if (this.texts.size > TEXTS_MOST) this.texts.delete(this.texts.keys().next().value ?? '');
    return found;
  }
}

function whySkipped({ isFailed }: Span, text: string | null, system: string | null): string | null {
  if (system !== null && !/^postgres(?:ql)?$/i.test(system)) return 'a span of another database system';
  if (text === null) return 'a span of PostgreSQL without its statement';
  return isFailed ? 'a statement that failed' : null;
}

function parses(text: string): boolean {
  try {
    return parseStatements(text).length > 0;
  } catch (error) {
    if (asParseFailure(error) === null) throw error;
    return false;
  }
}

/** The greatest number of a parameter; 0 for a text that has none, or that is no SQL. */
function parametersOf(text: string): number {
  if (!text.includes('$')) return 0;
  try {
    const parameters = scanTokens(text).filter(({ kind }) => kind === 'parameter');
    return Math.max(0, ...parameters.map((token) => Number(token.text.slice(1))));
  } catch (error) {
    if (asParseFailure(error) === null) throw error;
    return 0;
  }
}

/** Values that a tracer was told to write down; null where one is missing. */
function valuesOf(
  { attributes }: Span,
  { names, count }: { readonly names: readonly string[]; readonly count: number },
): readonly string[] | null {
  const list = attributes.get('db.postgresql.values');
  if (typeof list !== 'string' && list?.length === count) return list;
  const keys = names.length === count ? names : Array.from({ length: count }, (_, index) => String(index));
  const values = keys.flatMap((key) => {
    const value = attributes.get(`db.query.parameter.${key}`);
    return typeof value === 'string' ? [value] : [];
  });
  return values.length === count ? values : null;
}
