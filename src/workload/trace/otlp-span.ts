import type { SourceLocation } from '../../model/workload.js';

/** A span as OTLP/JSON writes it, with what cannot be read left out. */
export interface Span {
  readonly trace: string;
  readonly id: string;
  /** Empty for the first of a trace. */
  readonly parent: string;
  readonly name: string;
  /** Takes a request from outside: its name or its route tells which. */
  readonly isServer: boolean;
  readonly isFailed: boolean;
  readonly startMs: number;
  readonly endMs: number;
  /** `service.name` of its resource, or null. */
  readonly service: string | null;
  readonly attributes: ReadonlyMap<string, string | readonly string[]>;
}

/** Gives the spans of one ExportTraceServiceRequest; null where it is none, an entry null for what is no span. */
export function spansOf(document: unknown): readonly (Span | null)[] | null {
  const resources = listOf(document, 'resourceSpans');
  if (resources === null) return null;
  return resources.flatMap((resource) => {
    const service = textOf(attributesOf(field(resource, 'resource')).get('service.name'));
    // Version 0.16 and before named the scope otherwise.
    const scopes = listOf(resource, 'scopeSpans') ?? listOf(resource, 'instrumentationLibrarySpans') ?? [];
    return scopes.flatMap((scope) => (listOf(scope, 'spans') ?? []).map((span) => spanOf(span, service)));
  });
}

function spanOf(span: unknown, service: string | null): Span | null {
  const [startMs, endMs] = [timeOf(field(span, 'startTimeUnixNano')), timeOf(field(span, 'endTimeUnixNano'))];
  const [trace, id] = [idOf(field(span, 'traceId')), idOf(field(span, 'spanId'))];
  if (startMs === null || endMs === null || endMs < startMs || trace === '' || id === '') return null;
  const kind = String(field(span, 'kind') ?? '');
  const status = String(field(field(span, 'status'), 'code') ?? '');
  return {
    ...{ trace, id, parent: idOf(field(span, 'parentSpanId')), startMs, endMs, service },
    name: String(field(span, 'name') ?? ''),
    isServer: kind === '2' || kind === '5' || kind === 'SPAN_KIND_SERVER' || kind === 'SPAN_KIND_CONSUMER',
    isFailed: status === '2' || status === 'STATUS_CODE_ERROR',
    attributes: attributesOf(span),
  };
}

/** The first of several attributes that is there; semantic conventions have renamed most of them once. */
export function attributeOf({ attributes }: Pick<Span, 'attributes'>, ...keys: readonly string[]): string | null {
  for (const key of keys) {
    const value = textOf(attributes.get(key));
    if (value !== null && value !== '') return value;
  }
  return null;
}

/** Where in the source the span was begun, or null. */
export function locationOf(span: Span): SourceLocation | null {
  const file = attributeOf(span, 'code.file.path', 'code.filepath');
  const line = Number(attributeOf(span, 'code.line.number', 'code.lineno') ?? 1);
  return file === null ? null : { file, line: Number.isSafeInteger(line) && line > 0 ? line : 1, column: 1 };
}

/** What was asked for, as far as a span tells it: `GET /orders/:id`. */
export function routeOf(span: Span): string | null {
  const route = attributeOf(span, 'http.route');
  const method = attributeOf(span, 'http.request.method', 'http.method');
  if (route !== null) return method === null ? route : `${method} ${route}`;
  return span.isServer && span.name !== '' ? span.name : null;
}

function attributesOf(holder: unknown): Span['attributes'] {
  const entries = (listOf(holder, 'attributes') ?? []).flatMap((entry) => {
    const key = field(entry, 'key');
    const value = attributeValue(field(entry, 'value'));
    return typeof key === 'string' && value !== null ? [[key, value] as const] : [];
  });
  return new Map(entries);
}

function attributeValue(value: unknown): string | readonly string[] | null {
  for (const name of ['stringValue', 'intValue', 'doubleValue', 'boolValue']) {
    const found = field(value, name);
    if (typeof found === 'string' || typeof found === 'number' || typeof found === 'boolean') return String(found);
  }
  const values = listOf(field(value, 'arrayValue'), 'values');
  return values === null ? null : values.map((each) => textOf(attributeValue(each) ?? undefined) ?? '');
}

function textOf(value: string | readonly string[] | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

/** Nanoseconds since 1970, written as a string since JSON's numbers do not hold them; null where it is no time. */
function timeOf(value: unknown): number | null {
  const text = typeof value === 'number' ? value.toFixed(0) : value;
  if (typeof text !== 'string' || !/^\d{1,20}$/.test(text) || /^0+$/.test(text)) return null;
  const whole = text.padStart(7, '0');
  return Number(whole.slice(0, -6)) + Number(whole.slice(-6)) / 1e6;
}

function idOf(value: unknown): string {
  return typeof value === 'string' && value.length <= 64 ? value.toLowerCase() : '';
}

function listOf(holder: unknown, name: string): readonly unknown[] | null {
  const value = field(holder, name);
  return Array.isArray(value) ? value : null;
}

function field(holder: unknown, name: string): unknown {
  return typeof holder === 'object' && holder !== null
    ? (holder as Readonly<Record<string, unknown>>)[name]
    : undefined;
}
