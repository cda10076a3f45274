import { request as httpRequest } from 'node:http';
import { describe, expect, it } from 'vitest';
import { LIMIT, serve, serveWithout, TOKEN } from './served.js';

const beyond = { listen: '0.0.0.0:0', tokens: [], rateLimit: LIMIT };

describe('the dashboard', () => {
  it('is open on loopback, but not by a foreign name that points there', async () => {
    const { url } = await serve();
    const page = await fetch(url);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toMatch(/default-src 'none'; style-src 'sha256-[^']+'/);
    expect(page.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect(await page.text()).not.toContain('<script');
    expect(await statusAs(url, 'evil.example:80')).toBe(401);
    expect(await statusAs(url, 'localhost:80')).toBe(200);
  });

  it('shows nothing beyond loopback without a token, and says so where none is configured', async () => {
    const { url } = await serveWithout({ settings: beyond });
    const page = await fetch(url.replace('0.0.0.0', '127.0.0.1'));
    expect(page.status).toBe(401);
    expect(await page.text()).toContain('No token is configured');
    const { url: other } = await serve({ settings: { ...beyond, token: TOKEN } });
    const bearer = await fetch(other.replace('0.0.0.0', '127.0.0.1'), {
      headers: { Authorization: `Bearer ${TOKEN}` },
    });
    expect([bearer.status, await bearer.text()]).toEqual([200, expect.stringContaining('Sign out')]);
  });

  it('refuses a form of another origin', async () => {
    const { url } = await serve();
    const foreign = { method: 'POST', body: `token=${TOKEN}`, headers: { 'Sec-Fetch-Site': 'cross-site' } };
    expect((await fetch(`${url}/sign-in`, foreign)).status).toBe(403);
    expect((await fetch(`${url}/sign-out`, foreign)).status).toBe(403);
  });

  it('asks again by itself only where it is told to', async () => {
    const { url } = await serve();
    expect((await fetch(url)).headers.get('refresh')).toBeNull();
    expect((await fetch(`${url}/?refresh=10`)).headers.get('refresh')).toBe('10');
    expect((await fetch(`${url}/?refresh=0`)).status).toBe(400);
  });

  it('says what is missing while the database does not answer', async () => {
    const { url } = await serveWithout();
    const page = await fetch(url);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('runs: the database does not answer');
  });
});

/** Asks for the page under another name. */
function statusAs(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = httpRequest(url, { headers: { Host: host } }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    asked.on('error', reject).end();
  });
}
