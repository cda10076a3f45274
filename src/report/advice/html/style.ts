import { BLOCK_STYLE } from './style-blocks.js';

const PALETTE = `
:root {
  color-scheme: light dark;
  --paper: #fcfbf7; --sheet: #f4f1e9; --ink: #1d1b18; --muted: #5f5b53; --line: #dcd7ca; --band: #e4dcc9;
  --before: #a8482a; --after: #0b6b68; --link: #0b5a75; --error: #a3241b; --warn: #7d5200; --info: #35567a;
  --keyword: #1b4f7d; --string: #7a4312; --number: #6a3577; --focus: #0b5a75;
  --serif: "Source Serif 4", Charter, "Bitstream Charter", "Iowan Old Style", Cambria, Caladea, "Noto Serif", Georgia, "Liberation Serif", serif;
  --sans: "Inter", "Source Sans 3", system-ui, -apple-system, "Segoe UI", "Helvetica Neue", "Liberation Sans", Arial, sans-serif;
  --mono: "JetBrains Mono", ui-monospace, "SF Mono", "Cascadia Mono", Menlo, Consolas, "DejaVu Sans Mono", "Liberation Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #161512; --sheet: #1f1e1a; --ink: #ebe6da; --muted: #aaa396; --line: #3a372f; --band: #403c32;
    --before: #e8926d; --after: #62c4ba; --link: #83c5dd; --error: #f0938a; --warn: #e0b45c; --info: #9dbce0;
    --keyword: #9cc4ea; --string: #dfb681; --number: #d0a9df; --focus: #83c5dd;
  }
}`;

const PAGE = `
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-padding-top: 1rem; }
body { margin: 0 auto; max-width: 68rem; padding: 0 2rem 4rem; background: var(--paper); color: var(--ink);
  font: 400 1.0625rem/1.6 var(--serif); font-variant-numeric: oldstyle-nums; overflow-wrap: break-word; }
h1, h2, h3 { font-weight: 600; line-height: 1.2; letter-spacing: -0.01em; text-wrap: balance; overflow-wrap: anywhere; }
h1 { margin: 0.4rem 0 0.9rem; max-width: 22em; font-size: clamp(1.75rem, 1.2rem + 2.4vw, 2.75rem); font-weight: 500; letter-spacing: -0.018em; }
h2 { margin: 4.5rem 0 1.5rem; padding-top: 0.8rem; border-top: 3px solid var(--ink); font-size: 1.6rem; }
h3 { margin: 0 0 0.7rem; font-size: 1.35rem; }
h4 { margin: 2rem 0 0.5rem; font: 600 0.75rem/1.4 var(--sans); letter-spacing: 0.08em; text-transform: uppercase; color: var(--muted); }
p { margin: 0 0 1rem; max-width: 44rem; }
main ul, main ol { margin: 0 0 1rem; padding-left: 1.2rem; max-width: 44rem; }
li { margin: 0.2rem 0; }
a { color: var(--link); text-decoration-thickness: 1px; text-underline-offset: 0.18em; }
:focus-visible { outline: 2px solid var(--focus); outline-offset: 2px; border-radius: 2px; }
.skip, .visually-hidden { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap; }
.skip:focus { position: static; width: auto; height: auto; clip-path: none; display: inline-block; padding: 0.5rem 0; }
.masthead { padding-top: 2.2rem; }
.wordmark { margin: 0 0 3.2rem; font: 600 0.9375rem/1 var(--mono); letter-spacing: -0.02em; }
.wordmark span { font-weight: 400; color: var(--muted); }
.dateline { margin: 0 0 2.6rem; max-width: none; font: 400 0.875rem/1.5 var(--sans); color: var(--muted); }
.standfirst { max-width: 42rem; font-size: 1.1875rem; line-height: 1.5; text-wrap: pretty; } .standfirst code { font-size: 0.88em; }
.strip { display: grid; grid-template-columns: minmax(0, 1.05fr) minmax(0, 1fr) minmax(0, 1fr) minmax(0, 1.35fr); margin: 0; border-top: 3px solid var(--ink); border-bottom: 1px solid var(--line); font-family: var(--sans); }
.strip > div { padding: 0.9rem 1.2rem 1.2rem; border-left: 1px solid var(--line); }
.strip > div:first-child { padding-left: 0; border-left: 0; }
.strip dt { font-size: 0.8125rem; color: var(--muted); }
.strip dd { margin: 0.3rem 0 0; }
.strip strong { display: block; font: 500 2rem/1.15 var(--serif); font-variant-numeric: lining-nums; letter-spacing: -0.02em; white-space: nowrap; }
.strip span { display: block; margin-top: 0.35rem; font-size: 0.8125rem; line-height: 1.4; color: var(--muted); }
.strip .chart { display: block; margin: 0.5rem 0 0; width: 100%; }
.contents { margin-top: 2.2rem; }
.contents ol, .contents ul { margin: 0; padding: 0; list-style: none; }
.contents ol { counter-reset: entry; }
.contents ol li { display: flex; align-items: baseline; gap: 0.6rem; margin: 0; padding: 0.32rem 0; counter-increment: entry; }
.contents ol a::before { content: counter(entry); display: inline-block; min-width: 1.6rem; color: var(--muted); }
.contents a { color: inherit; text-decoration: none; }
.contents a:hover { text-decoration: underline; }
.contents .leader { flex: 1 1 1rem; min-width: 1rem; border-bottom: 1px dotted var(--muted); transform: translateY(-0.28em); opacity: 0.6; }
.contents .facts { white-space: nowrap; font: 400 0.875rem/1.5 var(--sans); color: var(--muted); }
.contents ul { display: flex; flex-wrap: wrap; gap: 0.2rem 1.6rem; margin-top: 1.2rem; font: 400 0.875rem/1.5 var(--sans); }
.contents ul a { color: var(--link); text-decoration: underline; text-decoration-thickness: 1px; text-underline-offset: 0.18em; }
footer { margin-top: 5rem; padding-top: 1rem; border-top: 1px solid var(--line); font: 400 0.8125rem/1.5 var(--sans); color: var(--muted); }
@media (max-width: 52rem) {
  body { padding: 0 1.1rem 3rem; font-size: 1rem; }
  .wordmark { margin-bottom: 2rem; }
  h2 { margin-top: 3.4rem; }
  .strip { grid-template-columns: minmax(0, 1fr) minmax(0, 1fr); }
  .strip > div { padding: 0.8rem 0.9rem 1rem; border-top: 1px solid var(--line); }
  .strip > div:nth-child(-n + 2), .strip > div:last-child { padding-left: 0; border-left: 0; }
  .strip > div:first-child, .strip > div:last-child { grid-column: 1 / -1; }
  .strip > div:first-child { border-top: 0; }
  .strip .chart { max-width: 20rem; }
  .strip strong { font-size: 1.6rem; }
  .contents ol li { position: relative; display: block; padding: 0.5rem 0 0.5rem 1.6rem; }
  .contents ol a::before { position: absolute; left: 0; }
  .contents .leader { display: none; } .contents .facts { display: block; }
}
@media print {
  :root { --paper: #fff; --sheet: #f5f5f5; --ink: #000; --muted: #444; --line: #bbb; --band: #e6e6e6; --before: #8a3316; --after: #05504d; --link: #000;
    --keyword: #1b4f7d; --string: #7a4312; --number: #6a3577; --error: #a3241b; --warn: #6d4700; --info: #35567a; color-scheme: light; }
  body { max-width: none; padding: 0; font-size: 10pt; }
  .code button, .skip { display: none; }
  pre { white-space: pre-wrap; overflow: visible; }
  h2, h3, h4, .kicker { break-after: avoid; }
  .plans, .query, tr, figure { break-inside: avoid; }
}`;

/** The page's whole stylesheet: one typeface for reading, one for figures, one for SQL; two colours that mean something. */
export const STYLE = `${PALETTE}${BLOCK_STYLE}${PAGE}\n`;
