import { createHash } from 'node:crypto';
import { STYLE } from '../advice/html/style.js';
import { type Markup, markup, trusted } from '../markup.js';

const RUNS_STYLE = `
.obstacles { margin: 0 0 1.5rem; padding: 0.6rem 1rem; border-left: 3px solid var(--error); background: var(--sheet); }
.obstacles ul { margin: 0; }
.status { font: 500 0.8125rem/1.5 var(--sans); white-space: nowrap; }
.status.failed, .status.overdue { color: var(--error); } .status.succeeded { color: var(--after); } .status.running { color: var(--link); }
.status.skipped, .status.cancelled { color: var(--muted); }
.runs { margin: 0 0 2.4rem; } .runs th small, .runs td small { display: block; font-weight: 400; color: var(--muted); }
.runs td { white-space: normal; }
.actions { font: 400 0.875rem/1.5 var(--sans); }
form { margin: 0 0 1rem; font: 400 1rem/1.5 var(--sans); }
form label { display: block; margin-bottom: 0.4rem; }
form input { width: 100%; max-width: 24rem; padding: 0.5rem 0.7rem; border: 1px solid var(--muted); border-radius: 3px; background: var(--paper); color: var(--ink); font: inherit; }
form button { padding: 0.45rem 1rem; border: 1px solid var(--muted); border-radius: 3px; background: var(--sheet); color: var(--ink); font: 500 0.9375rem/1.4 var(--sans); cursor: pointer; }
form input + button { margin-top: 0.8rem; display: block; }
.problem, .runs td small.problem { color: var(--error); }
`;

const WHOLE_STYLE = `${STYLE}${RUNS_STYLE}`;

/** What the header Content-Security-Policy says of these pages: no script, no style but their own, no frame. */
export const RUNS_POLICY = [
  "default-src 'none'",
  `style-src 'sha256-${createHash('sha256').update(WHOLE_STYLE).digest('base64')}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Gives a whole HTML document of the worker's: it has no script and asks nobody for anything. */
export function runsPage({ title, body }: { readonly title: string; readonly body: Markup }): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${trusted(WHOLE_STYLE)}</style>
</head>
<body>
${body}
</body>
</html>
`.markup;
}
