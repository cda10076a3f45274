import { messageOf } from '../../errors.js';
import { holdsUnstorableText } from './record-batch.js';

/** An event as a line of a file gives it, ready to be appended. */
export interface GivenEvent {
  readonly id: string;
  readonly agentId: string;
  readonly packageType: string;
  readonly packageName: string;
  readonly versionFrom: string | null;
  readonly versionTo: string | null;
  readonly severity: string;
  readonly eventType: string;
  /** As it was written, with its zone. */
  readonly createdAt: string;
}

/** What a line turned out to be. */
export type ParsedEvent =
  | { readonly event: GivenEvent; readonly fault: null }
  /** `shown` is the line's own value where it is JSON. */
  | { readonly event: null; readonly fault: string; readonly shown: unknown };

/** Keys of an event; every other one is metadata. */
export const EVENT_KEYS = [
  ...['id', 'agent_id', 'package_type', 'package_name', 'version_from', 'version_to', 'severity', 'event_type'],
  'created_at',
];

const EVENT_TYPES = ['discovered', 'updated', 'failed', 'ignored'];
const SEVERITIES = ['critical', 'important', 'moderate', 'low'];
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
/** ISO 8601 with a zone: without one a time would depend on where it is read. */
const TIME = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d(:?\d\d)?)$/i;

/** Reads one line as an event and names its first fault. */
export function parseEvent(line: string): ParsedEvent {
  let value: unknown;
  try {
    value = JSON.parse(line);
  } catch (error) {
    return { event: null, fault: `the line is not JSON: ${messageOf(error)}`, shown: line };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return { event: null, fault: 'the line is no JSON object', shown: value };
  const given = value as Readonly<Record<string, unknown>>;
  const fault = faultOf(given, line);
  return fault === null ? { event: eventOf(given), fault } : { event: null, fault, shown: value };
}

function faultOf(given: Readonly<Record<string, unknown>>, line: string): string | null {
  const fault = (key: string, allowed: string) =>
    given[key] === undefined ? `${key} is missing` : `${key} is ${show(given[key])}; expected ${allowed}`;
  const isText = (key: string) => typeof given[key] === 'string' && given[key] !== '';
  const matches = (key: string, pattern: RegExp) => typeof given[key] === 'string' && pattern.test(given[key]);
  for (const key of ['id', 'agent_id']) if (!matches(key, UUID)) return fault(key, 'a UUID');
  for (const key of ['package_type', 'package_name']) if (!isText(key)) return fault(key, 'a text');
  for (const key of ['version_from', 'version_to'])
    if (!isText(key) && given[key] !== undefined && given[key] !== null) return fault(key, 'a text or null');
  if (!EVENT_TYPES.includes(given['event_type'] as string)) return fault('event_type', EVENT_TYPES.join(', '));
  if (given['severity'] !== undefined && !SEVERITIES.includes(given['severity'] as string))
    return fault('severity', SEVERITIES.join(', '));
  if (!matches('created_at', TIME)) return fault('created_at', 'a time with its zone, such as 2026-01-31T12:00:00Z');
  // Only an escape can stand for such a character.
  if (line.includes('\\u') && holdsUnstorableText(given))
    return 'the event holds a NUL character or half of a surrogate pair, which PostgreSQL does not store';
  return null;
}

function eventOf(given: Readonly<Record<string, unknown>>): GivenEvent {
  const text = (key: string) => (given[key] === undefined ? null : (given[key] as string | null));
  return {
    id: (given['id'] as string).toLowerCase(),
    agentId: given['agent_id'] as string,
    packageType: given['package_type'] as string,
    packageName: given['package_name'] as string,
    versionFrom: text('version_from'),
    versionTo: text('version_to'),
    severity: text('severity') ?? 'moderate',
    eventType: given['event_type'] as string,
    createdAt: given['created_at'] as string,
  };
}

function show(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 100 ? `${text.slice(0, 100)}…` : text;
}
