import { type Markup, markup, nothing } from '../../markup.js';
import { dedent } from '../../plain-text.js';
import { diffPlans, linesKept } from '../../plan-diff.js';
import { highlightPlan, highlightSql } from './sql.js';

/** A block of SQL that a reader may copy. */
export interface SqlBlock {
  /** Unique within the page. */
  readonly id: string;
  /** What it is, for those who hear the page: `fix 1 of finding 2`. */
  readonly name: string;
  readonly sql: string;
}

/** Gives SQL to run, with a button that copies it; the button shows where the page's script runs. */
export function copyableSql({ id, name, sql }: SqlBlock): Markup {
  return markup`<div class="code"><button type="button" hidden data-copies="${id}" aria-label="${`Copy ${name}`}">Copy</button><pre class="sql" id="${id}" role="group" aria-label="${name}"><code>${highlightSql(sql)}</code></pre></div>`;
}

/** Gives a statement of the workload; its own indentation is kept, what all lines share is not. */
export function statementSql(name: string, sql: string): Markup {
  return markup`<pre class="sql" role="group" aria-label="${name}"><code>${highlightSql(dedent(sql))}</code></pre>`;
}

/** A plan with its caption. */
export interface PlanBlock {
  readonly caption: string;
  readonly plan: string | null;
}

/** Gives plans side by side, with the lines marked that the other one has not; one below the other where the page is narrow; nothing where there is none. */
export function planPair(owner: string, blocks: readonly [PlanBlock, PlanBlock]): Markup {
  const shown = blocks.filter(({ plan }) => plan !== null && plan !== '');
  if (shown.length === 0) return nothing;
  const [before, after] = blocks;
  const diff = diffPlans(before.plan ?? '', after.plan ?? '');
  const linesOf = (block: PlanBlock) =>
    shown.length === 1 ? linesKept(block.plan ?? '') : block === before ? diff.before : diff.after;
  const figures = shown.map(
    (block) =>
      markup`<figure><figcaption>${block.caption}</figcaption><pre class="plan" tabindex="0" role="group" aria-label="${`${block.caption}, ${owner}`}"><code>${highlightPlan(linesOf(block))}</code></pre></figure>`,
  );
  return markup`<div class="plans">${figures}</div>`;
}

/** Gives SQL text that ends in one semicolon. */
export function terminated(sql: string): string {
  return `${sql.trim().replace(/[;\s]*$/, '')};`;
}
