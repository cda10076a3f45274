import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { Problem } from './problem.js';
import type { HttpSettings } from './service.js';

export type Scope = 'read' | 'run';

/** Who asks: a token, or only an address. */
export interface Caller {
  /** The token's name; null without a token that is known. */
  readonly token: string | null;
  readonly scopes: readonly Scope[];
  /** Whether a token was shown that is not known. */
  readonly isRefused: boolean;
  /** Under which the caller's requests are counted. */
  readonly limitKey: string;
}

interface KnownToken {
  readonly name: string;
  readonly digest: Buffer;
  readonly scopes: readonly Scope[];
}

/** The cookie that the sign-in form sets. */
export const COOKIE = 'pgsteward_token';

/** The tokens of the configuration, and who may do what with them. */
export class Access {
  private readonly tokens: readonly KnownToken[];
  private readonly isLoopback: boolean;

  constructor({ token, tokens, listen }: HttpSettings) {
    const plain =
      token === undefined ? [] : [{ name: 'token', sha256: sha256(token), scopes: ['read', 'run'] as const }];
    this.tokens = [...plain, ...tokens].map(({ name, sha256, scopes }) => ({
      ...{ name, scopes, digest: Buffer.from(sha256, 'hex') },
    }));
    this.isLoopback = /^(127\.\d+\.\d+\.\d+|\[::1\]|localhost):/i.test(listen);
  }

  /** False: nobody can ask the API, or see a dashboard that is not this machine's own. */
  get hasTokens(): boolean {
    return this.tokens.length > 0;
  }

  /** Tells who asks, by the Authorization header or, where a browser asks for a page, by its cookie. */
  identify(request: IncomingMessage, options: { readonly byCookie: boolean }): Caller {
    const shown = bearer(request) ?? (options.byCookie ? cookie(request) : null);
    const known = shown === null ? null : this.find(shown);
    const limitKey = known === null ? `address:${addressOf(request)}` : `token:${sha256(known.name)}`;
    return { token: known?.name ?? null, scopes: known?.scopes ?? [], isRefused: shown !== null && !known, limitKey };
  }

  /** Tells whether a token may read. */
  mayRead(token: string): boolean {
    return this.find(token)?.scopes.includes('read') === true;
  }

  /** Throws a Problem unless the caller has the scope. */
  require(scope: Scope, caller: Caller): void {
    if (caller.token === null) throw this.unauthorized(caller);
    if (caller.scopes.includes(scope)) return;
    throw new Problem(403, {
      kind: 'insufficient-scope',
      detail: `the token ${JSON.stringify(caller.token)} has not the scope ${scope}; add it below http.tokens in the configuration`,
      headers: { 'WWW-Authenticate': `Bearer error="insufficient_scope", scope="${scope}"` },
    });
  }

  /** Tells whether the caller may see the dashboard: on loopback anyone whose browser asks for this machine. */
  maySeeDashboard(caller: Caller, request: IncomingMessage): boolean {
    return caller.scopes.includes('read') || (this.isLoopback && asksForLoopback(request));
  }

  private unauthorized({ isRefused }: Caller): Problem {
    const none = 'no token is configured, so the API answers nobody: set http.tokens or PGSTEWARD_HTTP_TOKEN';
    const wrong = 'the token is not one of those in the configuration';
    const missing = 'the API wants a token: Authorization: Bearer …';
    return new Problem(401, {
      kind: 'unauthorized',
      detail: !this.hasTokens ? none : isRefused ? wrong : missing,
      headers: { 'WWW-Authenticate': isRefused ? 'Bearer error="invalid_token"' : 'Bearer' },
    });
  }

  /** Compares with every token, in a time that does not depend on what was shown. */
  private find(shown: string): KnownToken | null {
    const digest = Buffer.from(sha256(shown), 'hex');
    let found: KnownToken | null = null;
    for (const token of this.tokens) if (timingSafeEqual(digest, token.digest)) found ??= token;
    return found;
  }
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function bearer(request: IncomingMessage): string | null {
  return /^Bearer +(\S+) *$/i.exec(request.headers.authorization ?? '')?.[1] ?? null;
}

function cookie(request: IncomingMessage): string | null {
  const pairs = (request.headers.cookie ?? '').split(/; */);
  const value = pairs.find((pair) => pair.startsWith(`${COOKIE}=`))?.slice(COOKIE.length + 1);
  return value === undefined ? null : Buffer.from(value, 'base64url').toString('utf8');
}

/** An IPv6 network of 64 bits counts as one address: a host there has as many as it likes. */
function addressOf(request: IncomingMessage): string {
  const address = (request.socket.remoteAddress ?? 'unknown').replace(/^::ffff:(?=\d+\.)/i, '');
  if (!address.includes(':')) return address;
  const [head = '', tail = ''] = address.split('::');
  const left = head.split(':').filter((part) => part !== '');
  const right = tail.split(':').filter((part) => part !== '');
  const zeros = address.includes('::') ? Array<string>(Math.max(0, 8 - left.length - right.length)).fill('0') : [];
  return `${[...left, ...zeros, ...right].slice(0, 4).join(':')}::/64`;
}

/** A foreign name that was made to point at this machine is not this machine's. */
function asksForLoopback(request: IncomingMessage): boolean {
  return /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])(:\d+)?$/i.test(request.headers.host ?? '');
}
