import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderAdviceHtml } from '../../src/report/advice/html.js';
import { fleetBench } from './bench-report.js';
import { CHROMIUM_FLAGS, findChromium } from './chromium.js';
import { CONTRASTS } from './contrasts.js';
import { fleetAdvice, fleetMigrations } from './fleet-report.js';
import { HOSTILE, hostileReport } from './hostile-report.js';

/** What a page shows of it: marks that mislead are replaced. */
const SHOWN = HOSTILE.replaceAll('\u202e', '\ufffd').replaceAll('\0', '\ufffd');

const executablePath = findChromium();
if (executablePath === null) {
  process.stderr.write(
    'advice-html.browser.test.ts is skipped: no Chromium found; install one or set PGSTEWARD_CHROMIUM\n',
  );
}

/** A page with what it asked for and complained about. */
interface Visit {
  readonly page: Page;
  readonly problems: string[];
  readonly requests: string[];
}

interface Look {
  readonly scheme?: 'light' | 'dark';
  readonly width?: number;
}

describe.skipIf(executablePath === null)('the HTML report in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pgsteward-browser-'));
  let context: BrowserContext;

  beforeAll(async () => {
    context = await chromium.launchPersistentContext(join(folder, 'profile'), {
      executablePath: executablePath ?? '',
      headless: true,
      args: CHROMIUM_FLAGS,
    });
  });

  afterAll(async () => {
    await context.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  async function visit(name: string, html: string, { scheme = 'light', width = 1280 }: Look = {}): Promise<Visit> {
    const file = join(folder, `${name}.html`);
    writeFileSync(file, html);
    const page = await context.newPage();
    const problems: string[] = [];
    const requests: string[] = [];
    page.on('console', (message) => problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    page.on('request', (request) => requests.push(request.url()));
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(pathToFileURL(file).href);
    return { page, problems, requests };
  }

  const fleet = () => renderAdviceHtml(fleetAdvice(), { bench: fleetBench(), migrations: fleetMigrations() });

  it('opens from a file without a complaint and without a request', async () => {
    const { page, problems, requests } = await visit('plain', fleet());
    expect(problems).toEqual([]);
    expect(requests).toEqual([page.url()]);
    expect(await page.getByRole('heading', { level: 1 }).count()).toBe(1);
    expect(await page.getByRole('heading', { level: 2 }).allInnerTexts()).toEqual([
      'Findings',
      'Measured before and after',
      'Index set',
      'Other migration files',
      'Left out',
      'How it was measured',
    ]);
    expect(await page.getByRole('main').count()).toBe(1);
    expect(await page.getByRole('navigation', { name: 'Contents' }).count()).toBe(1);
    expect(await page.getByRole('img').count()).toBeGreaterThan(10);
  });

  it('shows hostile text as text and runs none of it', async () => {
    const { report, bench, migrations } = hostileReport();
    const { page, problems, requests } = await visit('hostile', renderAdviceHtml(report, { bench, migrations }));
    expect(await page.evaluate('window.ran')).toBeUndefined();
    expect(await page.locator('img, script:not(body > script:last-of-type)').count()).toBe(0);
    expect(await page.locator('.message').first().textContent()).toBe(SHOWN);
    expect(problems).toEqual([]);
    expect(requests).toHaveLength(1);
  });

  it('refuses a script that slipped through escaping', async () => {
    const html = fleet().replace('</main>', '<script>window.ran = true</script></main>');
    const { page, problems } = await visit('slipped', html);
    expect(await page.evaluate('window.ran')).toBeUndefined();
    expect(problems.join('\n')).toContain('Content Security Policy');
  });

  it.each(['light', 'dark'] as const)('is readable in %s: every text has the contrast of WCAG AA', async (scheme) => {
    const { page } = await visit(scheme, fleet(), { scheme });
    const paper = await page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(paper).toBe(scheme === 'light' ? 'rgb(252, 251, 247)' : 'rgb(22, 21, 18)');
    const texts = await page.evaluate<{ text: string; contrast: number }[]>(CONTRASTS);
    expect(texts.length).toBeGreaterThan(200);
    expect(texts.filter(({ contrast }) => contrast < 4.5)).toEqual([]);
  });

  it.each([375, 768, 1280])('scrolls sideways nowhere but in its code blocks at %i pixels', async (width) => {
    const { report, bench, migrations } = hostileReport();
    for (const html of [fleet(), renderAdviceHtml(report, { bench, migrations })]) {
      const { page } = await visit(`narrow-${width}`, html, { width });
      await page.evaluate('document.querySelectorAll("details").forEach((details) => { details.open = true; })');
      expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    }
  });

  it('copies the fix, says so, and is reached by keyboard', async () => {
    const { page } = await visit('copy', fleet());
    await context.grantPermissions(['clipboard-read', 'clipboard-write']);
    const button = page.getByRole('button', { name: 'Copy fix 1 of finding 1' });
    await button.focus();
    expect(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    await page.keyboard.press('Enter');
    await page.getByRole('status').getByText('Copied to the clipboard').waitFor();
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
      'CREATE INDEX CONCURRENTLY update_events_agent_id_created_at_idx\n    ON public.update_events (agent_id, created_at DESC);',
    );
  });

  it('reads without a script: nothing is hidden but the copy buttons', async () => {
    const html = fleet().replace(/<script>[\s\S]*<\/script>/, '');
    const { page } = await visit('no-script', html);
    expect(await page.getByRole('button', { name: /^Copy/ }).count()).toBe(0);
    expect(await page.getByText('CREATE INDEX CONCURRENTLY').first().isVisible()).toBe(true);
  });

  it('prints: what is folded opens, and paper is white', async () => {
    const { page } = await visit('print', fleet(), { scheme: 'dark' });
    await page.emulateMedia({ media: 'print' });
    await page.evaluate('dispatchEvent(new Event("beforeprint"))');
    expect(await page.locator('details:not([open])').count()).toBe(0);
    expect(await page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
  });
});
