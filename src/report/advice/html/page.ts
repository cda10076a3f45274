import { createHash } from 'node:crypto';
import { type Markup, markup, trusted } from '../../markup.js';
import { COPY_SCRIPT } from './copy-script.js';
import { STYLE } from './style.js';

/** What a page holds between its head and its foot. */
export interface Page {
  readonly title: string;
  readonly body: Markup;
}

/**
 * Gives a whole HTML document that asks nobody for anything: its policy refuses every request, every style but its
 * own and every script but its own, by hash, so that text which slipped through escaping still could not run.
 */
export function page({ title, body }: Page): string {
  const policy = [
    "default-src 'none'",
    `style-src '${hashOf(STYLE)}'`,
    `script-src '${hashOf(COPY_SCRIPT)}'`,
    "base-uri 'none'",
    "form-action 'none'",
  ].join('; ');
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${trusted(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title}</title>
<style>${trusted(STYLE)}</style>
</head>
<body>
${body}
<script>${trusted(COPY_SCRIPT)}</script>
</body>
</html>
`.markup;
}

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}
