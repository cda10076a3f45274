/** What a span of a made-up trace says; all else is dull. */
export interface MadeSpan {
  readonly trace?: string;
  readonly id: string;
  readonly parent?: string;
  readonly name?: string;
  readonly kind?: number;
  readonly failed?: boolean;
  readonly atMs?: number;
  readonly attributes?: Readonly<Record<string, string | number | readonly string[]>>;
}

const START_MS = Date.UTC(2026, 5, 1);
export const TRACE = '0af7651916cd43dd8448eb211c80319c';

/** An ExportTraceServiceRequest in OTLP/JSON. */
export function requestOf(spans: readonly MadeSpan[]): object {
  const attributes = [{ key: 'service.name', value: { stringValue: 'shop' } }];
  return { resourceSpans: [{ resource: { attributes }, scopeSpans: [{ scope: {}, spans: spans.map(toSpan) }] }] };
}

function toSpan({ trace = TRACE, id, parent, name = 'span', kind = 1, failed, atMs = 0, attributes = {} }: MadeSpan) {
  const nanoseconds = (ms: number) => String(BigInt(Math.round((START_MS + ms) * 1000)) * 1000n);
  return {
    ...{ traceId: trace, spanId: id, parentSpanId: parent ?? '', name, kind },
    ...{ startTimeUnixNano: nanoseconds(atMs), endTimeUnixNano: nanoseconds(atMs + 0.5) },
    attributes: Object.entries(attributes).map(([key, value]) => ({ key, value: toValue(value) })),
    status: failed === true ? { code: 2 } : {},
  };
}

function toValue(value: string | number | readonly string[]): object {
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'number') return { intValue: String(value) };
  return { arrayValue: { values: value.map((stringValue) => ({ stringValue })) } };
}

/** A span of one statement. */
export function statementSpan(text: string, more: Partial<MadeSpan> = {}): MadeSpan {
  return { id: 'db', ...more, attributes: { 'db.system': 'postgresql', 'db.statement': text, ...more.attributes } };
}
