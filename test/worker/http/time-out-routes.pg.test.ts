import { describe, expect, it } from 'vitest';
import { AGENT, addCommands, fleetWithAgent, fleetWithChain } from '../../audit/chain.js';
import { callJob } from '../by-hand.js';
import { serve } from './served.js';

interface Body {
  readonly items: readonly { readonly id: string; readonly target: string; readonly createdAt: string }[];
  readonly nextCursor: string | null;
  readonly unreachable?: readonly string[];
}

const read = async (answer: Response) => (await answer.json()) as Body;

describe('the time-outs', () => {
  it('come page by page, newest first, each once', async () => {
    const { get } = await serve({}, await fleetWithChain());
    const ids: string[] = [];
    let cursor: string | null = '';
    for (let pages = 0; cursor !== null && pages < 9; pages += 1) {
      const page = await read(await get(`/api/v1/timeouts?limit=20${cursor === '' ? '' : `&cursor=${cursor}`}`));
      ids.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor;
    }
    expect([ids.length, new Set(ids).size]).toEqual([50, 50]);
  });

  it('can be filtered, and a filter that is none is refused', async () => {
    const { get } = await serve({}, await fleetWithChain());
    const count = async (filter: string) =>
      (await read(await get(`/api/v1/timeouts?limit=200&${filter}`))).items.length;
    expect(await count(`agent_id=${AGENT.toUpperCase()}`)).toBe(50);
    expect(await count('agent_id=00000000-0000-4000-8000-00000000ffff')).toBe(0);
    expect(await count('until=2020-01-01')).toBe(0);
    expect(await count('since=2020-01-01T00:00:00%2B01:00&target=home')).toBe(50);
    for (const filter of ['agent_id=7', 'since=yesterday', 'since=2026-13-40', 'target=mars', 'agent=x'])
      expect((await get(`/api/v1/timeouts?${filter}`)).status).toBe(400);
  });

  it('stand in the history of commands when they are asked for', async () => {
    const database = await fleetWithAgent();
    await addCommands(database.session, 'pending', { rows: 3, minutes: 31 });
    await callJob({ url: database.url, name: 'time-out-commands' });
    const { get } = await serve({}, database);
    const withThem = await read(await get('/api/v1/commands/history?include_timeout=true'));
    expect(withThem.items).toHaveLength(3);
    expect(withThem.items[0]).toMatchObject({
      ...{ status: 'timed_out', target: 'home', timeouts: [{ thresholdSeconds: 1800, service: 'pgsteward' }] },
    });
    const [command] = withThem.items;
    const alone = await read(await get(`/api/v1/commands/history?command_id=${command?.id}`));
    expect(alone.items).toMatchObject([{ id: command?.id, timeouts: null }]);
    expect((await get('/api/v1/commands/history?include_timeout=maybe')).status).toBe(400);
  });

  it('are gathered from all targets; one that has no such table adds none, one that is away is named', async () => {
    const [one, two] = [await fleetWithChain(), await fleetWithChain()];
    const targets = [
      { name: 'eu-1', url: one.url, isHome: false },
      { name: 'eu-2', url: two.url, isHome: false },
      { name: 'eu-3', url: 'postgres://nobody@127.0.0.1:1/none', isHome: false },
    ];
    const { get, session, home } = await serve({ targets });
    const first = await read(await get('/api/v1/timeouts?limit=60'));
    expect([first.items.length, first.unreachable]).toEqual([60, ['eu-3']]);
    const rest = await read(await get(`/api/v1/timeouts?limit=60&cursor=${first.nextCursor}`));
    expect(rest.nextCursor).toBeNull();
    const all = [...first.items, ...rest.items];
    expect(new Set(all.map(({ id, target }) => `${target} ${id}`)).size).toBe(100);
    expect(all.map(({ createdAt }) => createdAt)).toEqual(
      [...all]
        .map(({ createdAt }) => createdAt)
        .sort()
        .reverse(),
    );
    const empty = await serve({ targets: [home] }, { url: home.url, session });
    expect(await read(await empty.get('/api/v1/timeouts'))).toEqual({ items: [], nextCursor: null });
  });
});
