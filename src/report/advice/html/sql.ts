import { type Markup, markup } from '../../markup.js';
import type { DiffLine } from '../../plan-diff.js';

/** Beyond this a statement is cut: a bulk INSERT of megabytes tells no more than its beginning. */
const SHOWN_CHARACTERS = 20_000;

const KEYWORDS = new Set(
  `add all alter analyze and any array as asc begin between buffers by cascade case cast check cluster collate column
  commit concurrently constraint create cross current_date current_timestamp cursor database default delete desc
  distinct do drop else end except exclude execute exists explain extension fetch filter first for foreign from full
  function generated group having if ilike in include index inner insert intersect interval into is isnull join key
  last lateral left like limit lock materialized merge natural not nothing notnull null nulls offset on only or order
  outer over partition prepare primary recursive references reindex reset restrict returning right rollback row rows
  schema select set share similar skip locked some statistics table tablesample temp temporary then timestamp to
  transaction trigger true false truncate union unique unlogged update using vacuum validate values view when where
  window with within without`.split(/\s+/),
);

const TOKEN =
  /(?<comment>--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<string>'(?:[^']|'')*(?:'|$)|\$(?<tag>[a-z_]\w*)?\$[\s\S]*?(?:\$\k<tag>\$|$))|(?<name>"(?:[^"]|"")*(?:"|$))|(?<number>\$\d+|\b\d+(?:\.\d+)?\b)|(?<word>[a-z_][\w$]*)/giu;

/** Gives SQL with its keywords, strings, numbers and comments marked by class; no more than a hint for the eye. */
export function highlightSql(sql: string): Markup {
  const shown = sql.slice(0, SHOWN_CHARACTERS);
  const pieces: Markup[] = [];
  let end = 0;
  for (const match of shown.matchAll(TOKEN)) {
    pieces.push(markup`${shown.slice(end, match.index)}`, token(match));
    end = match.index + match[0].length;
  }
  pieces.push(markup`${shown.slice(end)}`);
  const left = sql.length - shown.length;
  if (left > 0) pieces.push(markup`<span class="cut"> … ${left} characters more</span>`);
  return markup`${pieces}`;
}

function token(match: RegExpMatchArray): Markup {
  const [text] = match;
  const { comment, string, number, word } = match.groups ?? {};
  if (comment !== undefined) return markup`<span class="c">${text}</span>`;
  if (string !== undefined) return markup`<span class="s">${text}</span>`;
  if (number !== undefined) return markup`<span class="n">${text}</span>`;
  return word !== undefined && KEYWORDS.has(word.toLowerCase())
    ? markup`<span class="k">${text}</span>`
    : markup`${text}`;
}

/** Gives a plan with its node names set off, the figures in parentheses toned down and what is new marked. */
export function highlightPlan(lines: readonly DiffLine[]): Markup {
  const shown = lines.map(({ text, kept }, index) => {
    const line = planLine(text);
    return markup`${index === 0 ? '' : '\n'}${kept ? line : markup`<span class="changed">${line}</span>`}`;
  });
  return markup`${shown}`;
}

function planLine(text: string): Markup {
  const node = /^(\s*(?:->\s+)?)([A-Z][A-Za-z ]*?)(?=$| on | using |\s+\((?:cost|actual))/.exec(text);
  if (node === null) return figures(text);
  const [whole, indent = '', name = ''] = node;
  return markup`${indent}<b>${name}</b>${figures(text.slice(whole.length))}`;
}

function figures(text: string): Markup {
  const at = text.search(/\((?:cost|actual)/);
  return at < 0 ? markup`${text}` : markup`${text.slice(0, at)}<i>${text.slice(at)}</i>`;
}
