import type { StatementEvent } from '../../../src/model/trace.js';
import { seededRandom } from '../../../src/random.js';

export interface Request {
  readonly steps: readonly { readonly text: string; readonly values: readonly (string | number)[] }[];
  /** When it begins, in ms. */
  readonly atMs: number;
}

export interface Wiring {
  /** `own`: a connection a request; `pooled`: each statement goes to whichever connection is free. */
  readonly sessions: 'own' | 'pooled';
  readonly pick: (count: number) => number;
  /** Values stand in the text. */
  readonly inline?: boolean;
}

const START = Date.UTC(2026, 5, 1);

/** Gives the events of requests that ran at the same time, as a log would tell them. */
export function eventsOf(
  requests: readonly Request[],
  { sessions, pick, inline = false }: Wiring,
): readonly StatementEvent[] {
  const timed = requests.flatMap(({ steps, atMs }, request) => {
    let now = atMs;
    return steps.map(({ text, values }) => {
      const durationMs = 0.2 + pick(10) / 10;
      now += durationMs + 0.3 + pick(10) / 10;
      const session = sessions === 'own' ? `own ${request}` : `pooled ${pick(6)}`;
      return { at: now, text, values, durationMs, session };
    });
  });
  return timed
    .sort((one, other) => one.at - other.at)
    .map(({ at, text, values, durationMs, session }, sequence) => ({
      atMs: START + Math.round(at),
      ...{ session, sequence, durationMs },
      text: inline ? text.replace(/\$(\d)/g, (_, number) => literal(values[Number(number) - 1] ?? '')) : text,
      parameters: inline ? null : values.map(String),
      ...{ user: 'app', database: null, application: null, transaction: null, isFetch: false },
    }));
}

function literal(value: string | number): string {
  return typeof value === 'number' ? String(value) : `'${value}'`;
}

/** A seeded source of numbers below a count. */
export function seeded(seed: number): (count: number) => number {
  const random = seededRandom(seed);
  return (count) => Math.floor(random() * count);
}
