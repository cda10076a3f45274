import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import axe from 'axe-core';
import { type BrowserContext, chromium, type Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { KeptFindings } from '../../../src/jobs/findings/kept-findings.js';
import { createMetrics } from '../../../src/worker/metrics.js';
import { fleetWithChain } from '../../audit/chain.js';
import { findingOf } from '../../jobs/findings.js';
import { CHROMIUM_FLAGS, findChromium } from '../../report/chromium.js';
import { recordRun, type Served, serve, startedRun, TOKEN } from './served.js';
import { workerOf } from './worker.js';

const executablePath = findChromium();
if (executablePath === null) {
  process.stderr.write(
    'dashboard.browser.test.ts is skipped: no Chromium found; install one or set PGSTEWARD_CHROMIUM\n',
  );
}

const HOSTILE = '<script>window.ran = true</script>';

describe.skipIf(executablePath === null)('the dashboard in a browser', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pgsteward-dashboard-'));
  let context: BrowserContext;
  let served: Served;

  beforeAll(async () => {
    served = await serveBusy();
    context = await chromium.launchPersistentContext(join(folder, 'profile'), {
      ...{ executablePath: executablePath ?? '', headless: true, args: CHROMIUM_FLAGS },
    });
  });

  afterAll(async () => {
    await context?.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  async function visit(url: string, { scheme = 'light', width = 1280 }: Look = {}) {
    const page = await context.newPage();
    const problems: string[] = [];
    page.on('console', (message) => problems.push(message.text()));
    page.on('pageerror', (error) => problems.push(error.message));
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme: scheme });
    await page.goto(url);
    return { page, problems };
  }

  it('shows jobs, runs, brakes, purges and time-outs, and text from outside as text', async () => {
    const { page, problems } = await visit(served.url);
    expect(await page.getByRole('heading', { level: 1 }).innerText()).toBe('1 run under way');
    expect(await page.getByRole('heading', { level: 2 }).allInnerTexts()).toEqual([
      'Under way',
      'Jobs',
      'Latest runs',
      'Held back',
      'Purges',
      'Time-outs by type',
      'Open findings',
    ]);
    const section = (name: string) => page.getByRole('region', { name });
    expect(await section('Under way').innerText()).toMatch(
      /verify-audit[\s\S]*1 batch[\s\S]*48 ms\s+held back by xmin horizon: pid 7 of psql, 9 min old/,
    );
    expect(await section('Latest runs').innerText()).toContain(HOSTILE);
    expect(await section('Held back').innerText()).toMatch(/replica lag\s+purge-sessions\s+1.5 min/);
    expect(await section('Purges').getByRole('img').getAttribute('aria-label')).toContain('3 runs');
    expect(await section('Time-outs by type').innerText()).toMatch(/scan\s+50/);
    expect(await page.evaluate('window.ran')).toBeUndefined();
    expect(problems).toEqual([]);
  });

  it.each([
    ['light', 1280],
    ['dark', 1280],
    ['light', 380],
  ] as const)('is clean to axe in %s at %i pixels', async (scheme, width) => {
    const { page } = await visit(served.url, { scheme, width });
    expect(await violations(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width);
  });

  it('is reached by keyboard, the runs first', async () => {
    const { page } = await visit(served.url);
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Skip to the runs');
    await page.keyboard.press('Tab');
    expect(await page.evaluate('document.activeElement.textContent')).toBe('Refresh every 10 s');
    await page.keyboard.press('Enter');
    await page.getByText('stop that').waitFor();
  });

  it('asks for a token beyond loopback, lets nobody in without it, and signs out', async () => {
    const settings = { token: TOKEN, tokens: [], rateLimit: { requests: 100, windowSeconds: 60 } };
    const { url } = await serve({ settings: { ...settings, listen: '0.0.0.0:0' } });
    const place = url.replace('0.0.0.0', '127.0.0.1');
    const { page } = await visit(place);
    expect(await page.getByRole('table').count()).toBe(0);
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Token').fill('wrong');
    await page.keyboard.press('Enter');
    await page.getByRole('alert').waitFor();
    expect(await violations(page)).toEqual([]);
    await page.getByLabel('Token').fill(TOKEN);
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByRole('heading', { name: 'Jobs' }).waitFor();
    expect(await context.cookies(place)).toMatchObject([{ httpOnly: true, sameSite: 'Strict' }]);
    expect(await page.evaluate('document.cookie')).toBe('');
    // The cookie opens the page alone: what starts runs wants the header.
    expect((await page.request.post(`${place}/api/v1/jobs/verify-audit/run`)).status()).toBe(401);
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Token').waitFor();
  });
});

interface Look {
  readonly scheme?: 'light' | 'dark';
  readonly width?: number;
}

async function violations(page: Page): Promise<readonly string[]> {
  await page.evaluate(axe.source);
  return page.evaluate<string[]>(
    `axe.run().then(({ violations }) => violations.map(({ id, nodes }) => id + ': ' + nodes.map((node) => node.html).join(' ')))`,
  );
}

/** A worker with runs of every kind behind it. */
async function serveBusy(): Promise<Served> {
  const metrics = createMetrics();
  const run = { job: 'purge-sessions', target: 'home', runId: 'r' };
  metrics.onEvent({ kind: 'braked', brake: 'replica lag', heldMs: 90_000, detail: '', ...run });
  const busy = await serve({ metrics, worker: workerOf() }, await fleetWithChain());
  for (const deleted of [120, 80, 300]) await recordRun(busy.session, 'purge-sessions', { deleted });
  await busy.session.query(
    `UPDATE steward.job_runs SET started_at = started_at - (300 - (counts ->> 'deleted')::int) * interval '1 min'`,
  );
  const failed = await recordRun(busy.session, 'verify-audit');
  await busy.session.query(`UPDATE steward.job_runs SET status = 'failed', error = $2 WHERE run_id = $1`, [
    failed,
    HOSTILE,
  ]);
  const { runId } = await startedRun(busy.session, 'verify-audit');
  const live = { job: 'verify-audit', target: 'home', runId };
  metrics.onEvent({ kind: 'batch done', durationMs: 48, size: 9, counts: {}, figures: [], ...live });
  metrics.onEvent({ kind: 'braked', brake: 'xmin horizon', heldMs: 0, detail: 'pid 7 of psql, 9 min old', ...live });
  const found = { findings: [findingOf('missing-index:public.t(a)')], skippedRules: [] };
  await new KeptFindings('steward').keep(busy.session, 'advise', found);
  return busy;
}
