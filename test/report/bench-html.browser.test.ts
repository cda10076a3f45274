import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import axe from 'axe-core';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { renderBenchHtml } from '../../src/report/bench/html.js';
import { fleetBench, fleetLoad } from './bench-report.js';
import { CHROMIUM_FLAGS, findChromium } from './chromium.js';
import { CONTRASTS } from './contrasts.js';

const executablePath = findChromium();
if (executablePath === null) {
  process.stderr.write(
    'bench-html.browser.test.ts is skipped: no Chromium found; install one or set PGSTEWARD_CHROMIUM\n',
  );
}

const HTML = renderBenchHtml({
  ...fleetBench(),
  load: fleetLoad(),
  history: [{ startedAt: '2026-03-01T08:00:00.000Z', migrations: ['0002'], passed: true, queries: [] }],
});

describe.skipIf(executablePath === null)('the report of a bench in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pgsteward-bench-browser-'));
  const file = join(folder, 'bench.html');
  let context: BrowserContext;

  beforeAll(async () => {
    writeFileSync(file, HTML);
    context = await chromium.launchPersistentContext(join(folder, 'profile'), {
      ...{ executablePath: executablePath ?? '', headless: true, args: CHROMIUM_FLAGS, bypassCSP: true },
    });
  });

  afterAll(async () => {
    await context?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  async function opened(width = 1280): Promise<Page> {
    const page = await context.newPage();
    await page.setViewportSize({ width, height: 900 });
    await page.goto(pathToFileURL(file).href);
    await page.evaluate('document.querySelectorAll("details").forEach((details) => { details.open = true; })');
    return page;
  }

  it.each(['light', 'dark'] as const)('has nothing in %s that axe objects to, and enough contrast', async (scheme) => {
    const page = await opened();
    await page.emulateMedia({ colorScheme: scheme });
    await page.evaluate(axe.source);
    const violations = await page.evaluate<{ id: string; nodes: { html: string }[] }[]>(
      'axe.run(document).then(({ violations }) => violations)',
    );
    expect(violations.map(({ id, nodes }) => [id, nodes[0]?.html])).toEqual([]);
    const texts = await page.evaluate<{ text: string; contrast: number }[]>(CONTRASTS);
    expect(texts.filter(({ contrast }) => contrast < 4.5)).toEqual([]);
  });

  it.each([375, 1280])('scrolls sideways nowhere but in its code blocks at %i pixels', async (width) => {
    const page = await opened(width);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
  });
});
