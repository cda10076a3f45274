import { expect, it } from 'vitest';
import { KeptFindings } from '../../../src/jobs/findings/kept-findings.js';
import { findingOf } from '../../jobs/findings.js';
import { serve } from './served.js';

interface Body {
  readonly items: readonly { readonly key: string; readonly firstSeenAt: string; readonly resolvedAt: string | null }[];
  readonly nextCursor: string | null;
}

it('lists the findings that advise has kept, page by page, and filters them', async () => {
  const { get, session } = await serve();
  const kept = new KeptFindings('steward');
  await kept.keep(session, 'advise', { findings: ['gone', 'a', 'b', 'c'].map(findingOf), skippedRules: [] });
  await kept.keep(session, 'advise', { findings: ['a', 'b', 'c'].map(findingOf), skippedRules: [] });
  // All in one microsecond: the key decides.
  await session.query(`UPDATE steward.findings SET first_seen_at = '2026-01-01T00:00:00.000001Z'`);
  const list = async (query: string) => (await (await get(`/api/v1/findings?${query}`)).json()) as Body;
  const keys: string[] = [];
  let cursor: string | null = '';
  for (let pages = 0; cursor !== null && pages < 9; pages += 1) {
    const page = await list(`limit=1${cursor === '' ? '' : `&cursor=${cursor}`}`);
    keys.push(...page.items.map(({ key }) => key));
    cursor = page.nextCursor;
  }
  expect(keys).toEqual(['c', 'b', 'a']);
  expect((await list('state=resolved')).items).toMatchObject([{ key: 'gone', resolvedAt: expect.any(String) }]);
  expect((await list('state=all&severity=warn&rule=missing-index&target=home')).items).toHaveLength(4);
  expect((await list('severity=error')).items).toEqual([]);
  expect((await get('/api/v1/findings?severity=fatal')).status).toBe(400);
  const { items } = await list('limit=1');
  expect(items[0]).toEqual({
    ...{ job: 'advise', key: 'c', ruleId: 'missing-index', severity: 'warn', title: 'title of c', message: 'm' },
    ...{ relations: ['public.t'], proof: { grade: 'planned', method: 'm', detail: '' }, fix: null, target: 'home' },
    ...{ firstSeenAt: '2026-01-01T00:00:00.000001Z', lastSeenAt: expect.any(String), resolvedAt: null },
  });
});
