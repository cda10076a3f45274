import { type Markup, markup, nothing } from '../markup.js';

/** Gives a section with its heading; `note` stands below that. */
export function section(
  id: string,
  title: string,
  { note, body }: { readonly note?: string; readonly body: Markup },
): Markup {
  return markup`<section id="${id}" aria-labelledby="${id}-title"><h2 id="${id}-title">${title}</h2>
${note === undefined ? nothing : markup`<p>${note}</p>`}${body}</section>`;
}
