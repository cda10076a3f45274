/** Styles of what stands inside the sections: findings, code, plans, tables, charts. */
export const BLOCK_STYLE = `
.finding { margin: 0 0 3.2rem; padding-top: 1.6rem; border-top: 1px solid var(--line); }
h2 + .finding { padding-top: 0; border-top: 0; }
.kicker { margin: 0 0 0.5rem; max-width: none; font: 400 0.875rem/1.5 var(--sans); color: var(--muted); }
.kicker > span + span::before { content: "· "; color: var(--muted); font-weight: 400; }
.severity { font-weight: 600; }
.severity.error { color: var(--error); } .severity.warn { color: var(--warn); } .severity.info { color: var(--info); }
.grade.executed { font-weight: 600; color: var(--after); }
.number { color: var(--muted); font-weight: 400; margin-right: 0.3em; }
.message { font-size: 1.125rem; line-height: 1.55; }
.place, .running, .facts { font: 400 0.875rem/1.5 var(--sans); color: var(--muted); }
code, pre { font-family: var(--mono); font-size: 0.8125rem; font-variant-numeric: normal; font-variant-ligatures: none; }
p code, li code, td code { font-size: 0.85em; overflow-wrap: anywhere; }
pre { margin: 0 0 0.6rem; padding: 0.9rem 1.1rem; overflow: auto; line-height: 1.55; background: var(--sheet); border-radius: 3px; tab-size: 4; }
pre code { font-size: inherit; }
pre.sql { white-space: pre-wrap; overflow-wrap: anywhere; max-height: 32rem; }
pre.plan { margin: 0; max-height: 26rem; font-size: 0.75rem; }
.sql .k { color: var(--keyword); font-weight: 600; } .sql .s { color: var(--string); } .sql .n { color: var(--number); }
.sql .c, .sql .cut { color: var(--muted); font-style: italic; }
.plan .changed { display: inline-block; margin-left: -0.6rem; padding-left: 0.4rem; border-left: 0.2rem solid var(--before); } .plans figure + figure .changed { border-color: var(--after); }
.plan b { font-weight: 600; } .plan i { font-style: normal; color: var(--muted); }
.code { position: relative; }
.code pre { padding-right: 5.5rem; border-left: 3px solid var(--after); border-radius: 0 3px 3px 0; }
.code button { position: absolute; top: 0.55rem; right: 0.6rem; z-index: 1; padding: 0.3rem 0.7rem; min-height: 1.75rem;
  border: 1px solid var(--line); border-radius: 3px; background: var(--paper); color: var(--ink); font: 500 0.75rem/1.2 var(--sans); cursor: pointer; }
.code button:hover { border-color: var(--muted); }
.statement { margin: 0 0 1.4rem; }
.statement .facts { margin-bottom: 0.4rem; }
.plans { display: grid; grid-template-columns: 1fr 1fr; gap: 1rem; margin: 0.8rem 0 0; }
.plans > figure:only-child { grid-column: 1 / -1; }
figure { margin: 0; min-width: 0; }
figcaption, caption { margin: 0 0 0.35rem; font: 400 0.8125rem/1.5 var(--sans); color: var(--muted); text-align: left; }
.plans figcaption { color: var(--before); font-weight: 600; } .plans figure + figure figcaption { color: var(--after); }
.plans figure pre { border-top: 2px solid var(--before); border-radius: 0 0 3px 3px; } .plans figure + figure pre { border-top-color: var(--after); }
.hazards { margin-top: -0.4rem; font-size: 0.9375rem; }
.hazards li::marker { color: var(--warn); content: "!  "; font: 700 0.9375rem var(--sans); }
.measured { margin: 1.2rem 0 1.6rem; padding: 0.9rem 1.1rem 0.7rem; border: 1px solid var(--line); border-radius: 3px; font-family: var(--sans); font-size: 0.9375rem; }
.measured h4 { margin-top: 0; } .measured ul { margin: 0; padding: 0; list-style: none; max-width: none; }
details { margin: 0 0 0.5rem; } summary { padding: 0.25rem 0; font: 400 0.875rem/1.6 var(--sans); color: var(--link); cursor: pointer; overflow-wrap: anywhere; }
details[open] > summary { margin-bottom: 0.4rem; }
table { width: 100%; border-collapse: collapse; font: 400 0.875rem/1.45 var(--sans); font-variant-numeric: lining-nums tabular-nums; }
th, td { padding: 0.5rem 1rem 0.5rem 0; border-bottom: 1px solid var(--line); text-align: left; vertical-align: baseline; overflow-wrap: anywhere; }
th:last-child, td:last-child { padding-right: 0; }
thead th { border-bottom-color: var(--muted); font-weight: 400; color: var(--muted); vertical-align: bottom; }
tbody th { font-weight: 500; }
.value { text-align: right; white-space: nowrap; }
.evidence { max-width: 44rem; margin-bottom: 1rem; }
.evidence th:first-child { width: 38%; } .evidence .value, .skipped .value { padding-right: 1.8rem; } .evidence .value { width: 26%; }
section > table + h3 { margin-top: 2rem; }

.skipped td code { color: var(--muted); }
.queries { margin: 0 0 2.4rem; } .queries th a { color: inherit; }
.queries td { white-space: nowrap; } .queries th { overflow-wrap: break-word; } .queries tbody td, .queries tbody th { vertical-align: middle; }
.queries thead .chart { display: block; margin-top: 0.2rem; }
.queries .chart { display: block; width: 100%; min-width: 10rem; max-width: 16.25rem; height: auto; }
.ratio span { display: block; } .ratio small { color: var(--muted); font-size: 0.8125rem; }
.change > span { color: var(--muted); } .change strong { font-weight: 600; }
.verdict { display: inline-block; padding: 0.05rem 0.5rem; border: 1px solid currentColor; border-radius: 999px; font: 500 0.75rem/1.5 var(--sans); letter-spacing: 0; color: var(--muted); vertical-align: middle; }
.verdict.improved { color: var(--paper); background: var(--after); border-color: var(--after); }
.verdict.regressed { color: var(--paper); background: var(--before); border-color: var(--before); }
.verdict.inconclusive { border-style: dashed; }
.gate { margin: 0 0 2rem; padding: 0.1rem 0 0.1rem 1rem; border-left: 3px solid var(--after); } .gate.failed { border-color: var(--before); }
.gate p { margin-bottom: 0.2rem; }
.query { margin: 0 0 2.2rem; padding-top: 1.2rem; border-top: 1px solid var(--line); }
.query h3 { margin-bottom: 0.2rem; font-size: 1.1rem; }
.charts { display: grid; grid-template-columns: 1fr 1fr; gap: 0.5rem 2rem; margin-bottom: 0.8rem; }
.charts .chart { display: block; width: 100%; }
.chart { max-width: 100%; height: auto; font-family: var(--sans); font-variant-numeric: lining-nums tabular-nums; }
.key::before { content: ""; display: inline-block; width: 0.55rem; height: 0.55rem; margin-right: 0.3rem; border: 1.5px solid var(--before); border-radius: 50%; }
.key.after::before { border-color: var(--after); background: var(--after); }
@media (max-width: 52rem) {
  .plans, .charts { grid-template-columns: 1fr; }
  .code pre { padding-top: 2.9rem; padding-right: 1.1rem; }
  th, td { padding-right: 0.7rem; }
  .queries thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
  .evidence th:first-child, .evidence .value { width: auto; } .evidence .value { padding-right: 0.9rem; }
  .queries, .queries tbody, .queries tr, .queries tbody th, .queries td, .queries caption { display: block; }
  .queries tr { padding: 0.7rem 0; border-bottom: 1px solid var(--line); }
  .queries tbody th, .queries td { padding: 0.12rem 0; border: 0; white-space: normal; }
  .queries td[data-label]::before { content: attr(data-label); display: inline-block; min-width: 6.5rem; color: var(--muted); }
  .ratio .chart { margin: 0.3rem 0; } .ratio span { display: inline-block; }
  .skipped, .skipped tbody, .skipped tr, .skipped td, .skipped tbody th { display: block; } .skipped thead { display: none; }
  .skipped td, .skipped tbody th { padding: 0.1rem 0; border: 0; text-align: left; } .skipped tr { padding: 0.5rem 0; border-bottom: 1px solid var(--line); }
  .skipped td.value::after { content: " ×"; }
}
`;
