import { describe, expect, it } from 'vitest';
import { renderAdviceMarkdown } from '../../../src/report/advice/markdown.js';
import { adviceReport, finding, findingQuery, fixStatement, plannedReport } from '../advice-report.js';

describe('the Markdown report', () => {
  it('fits a pull request', () => {
    expect(renderAdviceMarkdown(plannedReport())).toMatchInlineSnapshot(`
      "## pgsteward: 1 finding (1 warning)

      1 statement, 10 calls, 100 ms of execution time from \`pgss\`, PostgreSQL 18.4, planned on twin 18.4.

      **Index set:** 1 index to create (16 kB); workload cost 12,345 → 84.4 planner units (−99.3 %).

      ### No index on public.t (a)

      warning · \`missing-index\` · **planned** · saves an estimated 99.3 ms of execution time

      Each call reads all of public.t.

      | Statement | Calls | Time | Cost before | Cost after |
      |---|--:|--:|--:|--:|
      | \`SELECT * FROM t WHERE a = $1\` | 10 | 100 ms | 1,235 | 8.44 |

      Planned: the planner chose it and costed it; no clock has measured it (twin 18.4: the index is in the plan of 1 of 1 statements). Evidence: time saved 99.3 ms (pg\\_stat\\_statements × twin 18.4); index size 16 kB (twin 18.4).

      \`\`\`sql
      -- outside a transaction, lock_timeout 3 s
      -- reads the table twice
      CREATE INDEX CONCURRENTLY t_a_idx ON public.t (a);
      \`\`\`

      <details><summary>Undo</summary>

      \`\`\`sql
      DROP INDEX CONCURRENTLY public.t_a_idx;
      \`\`\`

      </details>

      Written: \`0002_index_t_a.up.sql\`, \`0002_index_t_a.down.sql\`
      "
    `);
  });

  it('says plainly that nothing was found', () => {
    expect(renderAdviceMarkdown(adviceReport())).toMatchInlineSnapshot(`
      "## pgsteward: no findings

      1 statement, 10 calls, 100 ms of execution time from \`pgss\`, PostgreSQL 18.4, planned on twin 18.4.
      "
    `);
  });

  it('lets no text break out of its fence, its table cell or its line', () => {
    const hostile = 'a | b ``` </details>\n# heading <img src=x> @everyone';
    const fix = { kind: 'rewrite', sql: [fixStatement(hostile)], undo: [], rewrittenQuery: null, files: [] } as const;
    const text = renderAdviceMarkdown(
      adviceReport({
        findings: [finding({ title: hostile, message: hostile, queries: [findingQuery({ text: hostile })], fix })],
      }),
    );
    expect(text.split('\n').filter((line) => line.startsWith('# '))).toEqual(['# heading <img src=x> @everyone;']);
    expect(text).toContain('````sql\n-- outside a transaction, lock_timeout 3 s\na | b ``` </details>');
    expect(text).toContain('| ```` a \\| b ``` </details> # heading <img src=x> @everyone ```` |');
    expect(text).toContain('### a \\| b \\`\\`\\` &lt;/details> \\# heading &lt;img src=x> \\@everyone');
  });
});
