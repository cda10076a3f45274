import { Problem } from './problem.js';
import type { Route } from './route.js';

/** The route that answers, with the parts of the path that it names. */
export interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the route of a request; a Problem of status 404 or 405 where there is none. HEAD is answered like GET. */
export function findRoute(routes: readonly Route[], method: string, path: string): Match | Problem {
  const parts = splitPath(path);
  if (parts === null)
    return new Problem(400, { kind: 'bad-path', detail: 'the path has a % that no two hex digits follow' });
  const matches = routes.flatMap((route) => {
    const params = matchPath(splitPath(route.path) ?? [], parts);
    return params === null ? [] : [{ route, params }];
  });
  if (matches.length === 0)
    return new Problem(404, { kind: 'unknown-path', detail: 'there is nothing at this path; the API is at /api/v1/…' });
  const wanted = method === 'HEAD' ? 'GET' : method;
  const found = matches.find(({ route }) => route.method === wanted);
  if (found !== undefined) return found;
  const allow = matches.flatMap(({ route }) => (route.method === 'GET' ? ['GET', 'HEAD'] : [route.method])).join(', ');
  const detail = `this path answers ${allow} and not ${method}`;
  return new Problem(405, { kind: 'method-not-allowed', detail, headers: { Allow: allow } });
}

function splitPath(path: string): readonly string[] | null {
  try {
    return path.split('/').slice(1).map(decodeURIComponent);
  } catch {
    return null;
  }
}

function matchPath(pattern: readonly string[], parts: readonly string[]): Record<string, string> | null {
  if (pattern.length !== parts.length) return null;
  const params: Record<string, string> = {};
  for (const [index, expected] of pattern.entries()) {
    const part = parts[index] ?? '';
    if (expected.startsWith(':') && part !== '') params[expected.slice(1)] = part;
    else if (expected !== part) return null;
  }
  return params;
}
