import { describe, expect, it } from 'vitest';
import { renderAdviceHtml } from '../../../src/report/advice/html.js';
import { adviceReport, finding, plannedReport } from '../advice-report.js';
import { benchQuery, benchReport, fleetBench } from '../bench-report.js';
import { fleetAdvice, fleetMigrations } from '../fleet-report.js';
import { HOSTILE, hostileReport } from '../hostile-report.js';

const fleet = () => renderAdviceHtml(fleetAdvice(), { bench: fleetBench(), migrations: fleetMigrations() });
const pages = () => [renderAdviceHtml(adviceReport()), renderAdviceHtml(plannedReport()), fleet()];
const textOf = (html: string) => html.replace(/<(script|style)>[\s\S]*?<\/\1>/g, '').replace(/<[^>]+>/g, ' ');

describe('the HTML report', () => {
  it('asks nobody for anything', () => {
    for (const html of pages()) {
      expect(html.replaceAll('xmlns="http://www.w3.org/2000/svg"', '')).not.toMatch(
        /https?:|url\(|@import|<link|<img|<iframe/,
      );
      expect(html).toMatch(/http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'sha256-/);
      expect(html).not.toMatch(/\sstyle="|\son[a-z]+="/);
    }
  });

  it('has each id once, and every link and label leads to one', () => {
    for (const html of pages()) {
      const ids = [...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => id ?? '');
      expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
      const used = [...html.matchAll(/\s(?:href="#|aria-labelledby="|data-copies=")([^"]+)"/g)].map(
        ([, id]) => id ?? '',
      );
      expect(used.filter((id) => !ids.includes(id))).toEqual([]);
    }
  });

  it('names headings in order, none skipped', () => {
    for (const html of pages()) {
      const levels = [...html.matchAll(/<h([1-6])[ >]/g)].map(([, level]) => Number(level));
      expect(levels[0]).toBe(1);
      expect(levels.filter((level) => level === 1)).toHaveLength(1);
      expect(levels.filter((level, index) => index > 0 && level > (levels[index - 1] ?? 0) + 1)).toEqual([]);
    }
  });

  it('shows every text from outside as text, whatever it holds', () => {
    const { report, bench, migrations } = hostileReport();
    const html = renderAdviceHtml(report, { bench, migrations });
    expect(html.match(/<script/g)).toHaveLength(1);
    expect(html).not.toContain('<img');
    expect(html).not.toContain('onerror="');
    expect(html).toContain('&lt;/script&gt;&lt;script&gt;');
    for (const mark of ['\u0000', '\u202e']) expect(html).not.toContain(mark);
    expect(html.split('&lt;/script&gt;').length).toBeGreaterThan(25);
    expect(HOSTILE).toContain('</script>');
  });

  it('shows a fix beside what the bench measured for the same statement, and its migration files', () => {
    const [, second = ''] = fleet().split('id="finding-2"');
    const article = textOf(second.slice(0, second.indexOf('</article>')));
    expect(article).toContain('stuck-commands');
    expect(article).toContain('p50 41.3 ms →  1.16 ms');
    expect(article).toContain('0004_index_agent_commands_pending.up.sql');
    expect(article).not.toContain('0003_index');
  });

  it('says what was looked at when nothing was found', () => {
    expect(textOf(renderAdviceHtml(adviceReport()))).toContain(
      'No findings. Looked at 1 statement, 10 calls, 100 ms of execution time, planned on twin 18.4.',
    );
  });

  it('shows who deletes what, where foreign keys lead anywhere', () => {
    const followers = [{ table: 'public.orders', columns: ['user_id'], onDelete: 'cascade' as const }];
    const deletes = [{ table: 'public.users', rowsDeleted: 7, deletedBy: ['close-account'], followers }];
    expect(textOf(renderAdviceHtml(adviceReport({ deletes })))).toMatch(
      /public\.users\s*, deleted from by close-account; 7 rows deleted so far\s+public\.orders \(user_id\)\s+goes with it \(CASCADE\)/,
    );
    expect(textOf(renderAdviceHtml(adviceReport()))).not.toContain('Who deletes what');
  });

  it('shows what was weighed and not chosen', () => {
    const alternatives = [{ title: 'GROUP BY join', sql: 'SELECT 1', costAfter: 135, reason: 'slower than the index' }];
    expect(textOf(renderAdviceHtml(adviceReport({ findings: [finding({ alternatives })] })))).toMatch(
      /Weighed and not chosen\s+GROUP BY join\s+· cost 135 · slower than the index/,
    );
  });

  it('shades the margin that the bench applied, and the noise floor where it names none', () => {
    const page = (parts: Parameters<typeof benchQuery>[0]) =>
      renderAdviceHtml(adviceReport(), { bench: benchReport({ queries: [benchQuery(parts)] }) });
    expect(page({ equivalenceMargin: 1.25 })).toContain('equal within 0.80 to 1.25');
    expect(page({})).toContain('equal within 0.94 to 1.07');
  });

  it('names what the bench broke and what it left out', () => {
    const bench = benchReport({
      failures: [{ name: 'old-report', fingerprint: 'ff', message: 'column "x" does not exist' }],
      skipped: [{ name: 'nightly', reason: 'needs 12 min, the budget holds 1 min' }],
    });
    const text = textOf(renderAdviceHtml(adviceReport(), { bench }));
    expect(text).toMatch(/Broken by the migrations\s+old-report\s*: column &quot;x&quot; does not exist/);
    expect(text).toMatch(/Not measured\s+nightly\s*: needs 12 min/);
  });

  it('cuts a statement of megabytes and stays quick', () => {
    const text = `SELECT ${"'a''b' /* c".repeat(200_000)}`;
    const report = fleetAdvice();
    const findings = report.findings.map((one) => ({
      ...one,
      queries: one.queries.map((query) => ({ ...query, text })),
    }));
    const html = renderAdviceHtml({ ...report, findings });
    expect(html).toContain('characters more');
    expect(html.length).toBeLessThan(1_000_000);
  });
});
