/** HTML or SVG whose every piece of foreign text is escaped. */
export interface Markup {
  readonly markup: string;
}

type Part = Markup | readonly Markup[] | string | number;

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Control characters that HTML refuses, lone surrogates, and marks that turn the direction of writing. */
const UNSHOWABLE =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: finding them is the purpose
  /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]|[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g;

/** Builds markup from a template; interpolated text is escaped, interpolated markup stands as it is. */
export function markup(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { markup: strings.map((text, index) => text + render(parts[index] ?? '')).join('') };
}

/** Marks text of our own making (a stylesheet, a finished chart) as markup; never for text from outside. */
export function trusted(text: string): Markup {
  return { markup: text };
}

/** Markup that shows nothing. */
export const nothing: Markup = { markup: '' };

/** Text as HTML and XML show it, in content and in quoted attributes; what cannot be shown becomes U+FFFD. */
function escapeMarkup(text: string): string {
  return text.replace(UNSHOWABLE, '\ufffd').replace(/[&<>"']/g, (character) => ENTITIES[character] ?? '');
}

function render(part: Part): string {
  if (typeof part === 'string') return escapeMarkup(part);
  if (typeof part === 'number') return String(part);
  return 'markup' in part ? part.markup : part.map((piece) => piece.markup).join('');
}
