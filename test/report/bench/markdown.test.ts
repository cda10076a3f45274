import { describe, expect, it } from 'vitest';
import { renderBenchMarkdown } from '../../../src/report/bench/markdown.js';
import { benchQuery, benchReport, fleetBench } from '../bench-report.js';

describe('renderBenchMarkdown', () => {
  it('is short enough for a comment: the gate, its reasons and one table', () => {
    expect(renderBenchMarkdown(fleetBench())).toMatchInlineSnapshot();
  });

  it('lets no name break out of its table', () => {
    const text = renderBenchMarkdown(benchReport({ queries: [benchQuery({ name: 'a|b`<i>' })] }));
    expect(text).toContain('| `` a\\|b`<i> `` |');
  });
});
