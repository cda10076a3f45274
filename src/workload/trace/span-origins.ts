import type { CallOrigin } from '../../model/trace.js';
import type { SourceLocation } from '../../model/workload.js';
import { locationOf, routeOf, type Span } from './otlp-span.js';

/** Spans that are remembered; the eldest are forgotten. */
const SPANS_MOST = 100_000;
/** A chain that is longer than any program's goes in a circle. */
const DEPTH_MOST = 100;

interface Note {
  readonly parent: string;
  readonly route: string | null;
  readonly location: SourceLocation | null;
}

/** Knows by which spans a statement was called: which route, which line. */
export class SpanOrigins {
  private readonly notes = new Map<string, Note>();

  add(span: Span): void {
    this.notes.set(keyOf(span.trace, span.id), {
      parent: span.parent,
      route: routeOf(span),
      location: locationOf(span),
    });
    if (this.notes.size > SPANS_MOST) this.notes.delete(this.notes.keys().next().value ?? '');
  }

  /** Gives the nearest line and the nearest route above a span. */
  of(span: Span): CallOrigin {
    let [location, route] = [locationOf(span), routeOf(span)];
    let at = span.parent;
    for (let depth = 0; depth < DEPTH_MOST && (location === null || route === null); depth++) {
      const note = this.notes.get(keyOf(span.trace, at));
      if (note === undefined) break;
      location ??= note.location;
      route ??= note.route;
      at = note.parent;
    }
    return { trace: span.trace, route, location };
  }
}

function keyOf(trace: string, id: string): string {
  return `${trace} ${id}`;
}
