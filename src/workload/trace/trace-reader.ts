import type { StatementEvent } from '../../model/trace.js';
import type { SkipTally } from '../skip-tally.js';
import { spansOf } from './otlp-span.js';
import { SpanEvents } from './span-events.js';
import { TapEvents } from './tap-events.js';

const UNREADABLE = 'a line that is neither a record of a tap nor OTLP/JSON';

/** Reads the JSON values of traces, each of which tells by itself whether a tap or a tracer wrote it. */
export class TraceReader {
  private readonly skipped: SkipTally;
  private readonly spans: SpanEvents;
  private readonly tap: TapEvents;
  /** Values that were a tap's or a tracer's. */
  known = 0;

  constructor(emit: (event: StatementEvent) => void, skipped: SkipTally) {
    this.skipped = skipped;
    this.spans = new SpanEvents(emit, skipped);
    this.tap = new TapEvents(emit, skipped);
  }

  /** Takes one line; what is neither is counted as skipped. */
  line(text: string): void {
    if (text.trim() === '') return;
    const value = readJson(text);
    if (value === null || !this.document(value)) this.skipped.add(UNREADABLE, text.slice(0, 300));
  }

  /** Takes one value; false where it is neither. */
  document(value: object): boolean {
    const spans = spansOf(value);
    for (const span of spans ?? []) this.spans.add(span);
    const isKnown = spans !== null || this.tap.add({ ...value });
    if (isKnown) this.known += 1;
    return isKnown;
  }

  /** Gives what still waits for spans that come later. */
  end(): void {
    this.spans.end();
  }
}

/** Gives an object of JSON; null for all else. */
export function readJson(text: string): object | null {
  // Millions of brackets would become as many arrays before it shows that they are none of ours.
  if (!/^\s*\{/.test(text)) return null;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' ? value : null;
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    return null;
  }
}
