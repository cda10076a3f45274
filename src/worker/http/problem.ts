import { STATUS_CODES } from 'node:http';
import type { Reply } from './route.js';

export interface ProblemOptions {
  /** What a program can tell the problem by: `unknown-job`. */
  readonly kind: string;
  /** One sentence for a person: what stands in the way, and what to do. */
  readonly detail: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** An answer that is an error, as RFC 9457 has it. */
export class Problem extends Error {
  readonly status: number;
  readonly kind: string;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, { kind, detail, headers = {} }: ProblemOptions) {
    super(detail);
    this.name = 'Problem';
    this.status = status;
    this.kind = kind;
    this.headers = headers;
  }
}

/** Gives the problem of a parameter, or a body, that is not as it should be. */
export function badParameter(detail: string): Problem {
  return new Problem(400, { kind: 'bad-parameter', detail });
}

/** Gives the answer that tells a problem; `requestId` is what the log knows the request by. */
export function problemReply(problem: Problem, requestId: string): Reply {
  const { status, kind, message, headers } = problem;
  const body = {
    type: `urn:pgsteward:problem:${kind}`,
    title: STATUS_CODES[status] ?? 'Error',
    ...{ status, detail: message, instance: `urn:uuid:${requestId}` },
  };
  return {
    status,
    headers: { ...headers, 'Content-Type': 'application/problem+json', 'Cache-Control': 'no-store' },
    body: `${JSON.stringify(body)}\n`,
  };
}
