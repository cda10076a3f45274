import { describe, expect, it } from 'vitest';
import { openSession } from '../../src/postgres/session.js';
import { seededRandom } from '../../src/random.js';
import { callJob } from '../worker/by-hand.js';
import {
  AGENTS,
  append,
  approve,
  event,
  fleet,
  fold,
  only,
  randomStep,
  randomStream,
  states,
} from './fold-update-events/events.js';
import {
  type FoldedPackage,
  foldIndependently,
  foldOne,
  type TestEvent,
} from './fold-update-events/independent-fold.js';

const RULES = [
  { title: 'a discovery is pending', steps: ['discovered 1'], status: 'pending 1' },
  { title: 'an update is updated', steps: ['discovered 1', 'updated 1'], status: 'updated 1' },
  { title: 'a failure is failed', steps: ['discovered 1', 'failed 1'], status: 'failed 1' },
  { title: 'what is ignored is ignored', steps: ['discovered 1', 'ignored 1'], status: 'ignored 1' },
  { title: 'a rediscovery keeps an update', steps: ['updated 1', 'discovered 1'], status: 'updated 1' },
  { title: 'a rediscovery keeps what is ignored', steps: ['ignored 1', 'discovered 1'], status: 'ignored 1' },
  { title: 'another version reopens an update', steps: ['updated 1', 'discovered 2'], status: 'pending 2' },
  { title: 'another version reopens a failure', steps: ['failed 1', 'discovered 2'], status: 'pending 2' },
  { title: 'another version keeps what is ignored', steps: ['ignored 1', 'discovered 2'], status: 'ignored 2' },
  {
    title: 'what was reopened stays so',
    steps: ['updated 1', 'discovered 2', 'discovered 1', 'discovered 1'],
    status: 'pending 1',
  },
] as const;

describe('folding update events', () => {
  it('follows the rules, whether all events come at once or one after the other', async () => {
    const { url, session } = await fleet();
    const story = () =>
      RULES.map(({ steps }, rule) => steps.map((step, at) => event({ ...parse(step), name: `${rule}`, at })));
    const expected = RULES.map(({ title, status }) => `${title}: ${status}`);
    const standing = async () => {
      const found = await states(session);
      return RULES.map(({ title }, rule) => {
        const state = found.get(`${AGENTS[0]} ${rule}`);
        return `${title}: ${state?.status} ${state?.available}`;
      });
    };
    const atOnce = story().flat();
    await append(session, atOnce.reverse());
    expect(await fold(url)).toEqual({ folded: atOnce.length, rejected: 0 });
    expect(await standing()).toEqual(expected);
    await session.script('DELETE FROM update_events; DELETE FROM current_package_state');
    const oneByOne = story();
    for (const step of [0, 1, 2, 3]) {
      await append(
        session,
        oneByOne.flatMap((own) => own.slice(step, step + 1)),
      );
      await fold(url);
    }
    expect(await standing()).toEqual(expected);
  });

  it('keeps an approval until another version is discovered, however late other events come', async () => {
    const { url, session } = await fleet();
    await append(session, [event({ at: 10 })]);
    await fold(url);
    await approve(session);
    await append(session, [event({ at: 11 }), event({ type: 'failed', to: '1.1', at: 5 })]);
    await fold(url);
    expect(await only(session)).toBe('approved 1.1');
    await append(session, [event({ to: '1.2', at: 12 })]);
    await fold(url);
    expect(await only(session)).toBe('pending 1.2');
    const approvals = await session.query('SELECT approved_by, approved_at FROM current_package_state');
    expect(approvals.rows).toEqual([{ approved_by: null, approved_at: null }]);
  });

  it('keeps an approval that stood before anything was folded', async () => {
    const { url, session } = await fleet();
    await append(session, [event({ type: 'updated', to: '1.0', at: 1 }), event({ at: 2 }), event({ at: 3 })]);
    await fold(url);
    await approve(session);
    await session.query('UPDATE steward.fold_progress SET origin = NULL');
    expect(await fold(url)).toEqual({ folded: 3, rejected: 0 });
    expect(await only(session)).toBe('approved 1.1');
  });

  it.each([1, 2, 3])('agrees with an independent fold of random streams in random portions (seed %i)', async (seed) => {
    const { url, session } = await fleet();
    const random = seededRandom(seed);
    const events = randomStream(random, 400);
    const folded: TestEvent[] = [];
    let rest = events;
    while (rest.length > 0) {
      const portion = rest.slice(0, 1 + Math.floor(random() * 150));
      rest = rest.slice(portion.length);
      folded.push(...portion);
      await append(session, portion);
      expect(await fold(url, { batchSize: 1 + Math.floor(random() * 60) })).toEqual({
        folded: portion.length,
        rejected: 0,
      });
      expect(await states(session)).toEqual(foldIndependently(folded));
    }
    const installed = events.filter(({ type }) => type === 'updated' || type === 'failed');
    const history = await session.query('SELECT id, status FROM update_version_history ORDER BY id');
    expect(history.rows).toEqual(
      installed
        .map(({ id, type }) => ({ id, status: type === 'failed' ? 'failed' : 'success' }))
        .sort((left, right) => (left.id < right.id ? -1 : 1)),
    );
    expect(await fold(url)).toEqual({ folded: 0, rejected: 0 });
  });

  it('follows approvals one event after the other', async () => {
    const { url, session } = await fleet();
    const random = seededRandom(7);
    const expected = new Map<string, FoldedPackage>();
    for (let at = 0; at < 12; at += 1) {
      await approve(session);
      for (const [key, state] of expected)
        if (state.status === 'pending') expected.set(key, { ...state, status: 'approved' });
      const names = Array.from({ length: 60 }, (_, n) => `${n}`).filter(() => random() < 0.7);
      const events = names.map((name) => event({ ...randomStep(random), name, at }));
      await append(session, events);
      await fold(url);
      for (const each of events)
        expected.set(`${AGENTS[0]} ${each.name}`, foldOne(expected.get(`${AGENTS[0]} ${each.name}`), each));
      expect(await states(session)).toEqual(expected);
    }
  });

  it('loses no event of a transaction that commits late, and folds none twice', async () => {
    const { url, session } = await fleet();
    const late = await openSession(url);
    await append(session, [event({ name: 'first' })]);
    await fold(url);
    await late.query('BEGIN');
    await append(late, [event({ name: 'late' })]);
    await late.query('SAVEPOINT part');
    await append(late, [event({ name: 'later' })]);
    await append(session, [event({ name: 'early' })]);
    expect(await fold(url)).toEqual({ folded: 1, rejected: 0 });
    expect(await fold(url)).toEqual({ folded: 0, rejected: 0 });
    await late.query('COMMIT');
    await late.close();
    expect(await fold(url)).toEqual({ folded: 2, rejected: 0 });
    expect([...(await states(session)).keys()].map((key) => key.split(' ')[1]).sort()).toEqual([
      ...['early', 'first', 'late', 'later'],
    ]);
    expect(await fold(url)).toEqual({ folded: 0, rejected: 0 });
    // What is remembered of them goes once nobody on the whole server is in a transaction that is older.
    const forgotten = async () => {
      expect(await fold(url)).toEqual({ folded: 0, rejected: 0 });
      return (await session.query('SELECT FROM steward.fold_recent')).rowCount;
    };
    await expect.poll(forgotten, { timeout: 20_000 }).toBe(0);
  });

  it('folds everything although events are appended all the while', async () => {
    const { url, session } = await fleet();
    const events = Array.from({ length: 4 }, (_, writer) => randomStream(seededRandom(100 + writer), 300));
    let writing = true;
    const writers = Promise.all(events.map((own) => appendInParts(url, own))).then(() => {
      writing = false;
    });
    let folded = 0;
    while (writing) folded += (await fold(url, { batchSize: 20 }))['folded'] ?? 0;
    await writers;
    folded += (await fold(url))['folded'] ?? 0;
    expect(folded).toBe(1200);
    expect(await states(session)).toEqual(foldIndependently(events.flat()));
  });

  it('sets aside each event that cannot be folded, with its reason, and folds the rest', async () => {
    const { url, session } = await fleet();
    await session.script(
      `ALTER TABLE update_events DROP CONSTRAINT update_events_severity_check;
       ALTER TABLE current_package_state ADD CHECK (package_name <> 'forbidden')`,
    );
    const good = randomStream(seededRandom(8), 150);
    const bad = [
      event({ severity: 'dire' }),
      event({ type: 'updated', to: null }),
      event({ name: 'forbidden' }),
      event({ name: 'forbidden', agentId: AGENTS[1] }),
    ];
    await append(session, [...good.slice(0, 50), ...bad, ...good.slice(50)]);
    expect(await fold(url)).toEqual({ folded: 150, rejected: 4 });
    expect(await states(session)).toEqual(foldIndependently(good));
    const details = await session.query(
      `SELECT detail ->> 'reason' AS reason, detail -> 'line' AS line, detail -> 'event' ->> 'id' AS id
       FROM update_batches CROSS JOIN jsonb_array_elements(error_details) AS detail ORDER BY id`,
    );
    expect(details.rows).toEqual([
      { id: bad[0]?.id, line: null, reason: 'severity is "dire"; allowed: critical, important, moderate, low' },
      { id: bad[1]?.id, line: null, reason: expect.stringContaining('version_to') },
      { id: bad[2]?.id, line: null, reason: expect.stringContaining('violates check constraint') },
      { id: bad[3]?.id, line: null, reason: expect.stringContaining('violates check constraint') },
    ]);
    const sums = await session.query(
      `SELECT sum(batch_size)::int AS size, sum(processed_count)::int AS processed, sum(failed_count)::int AS failed,
              max(batch_size) <= 100 AS fits, array_agg(DISTINCT status) AS status FROM update_batches`,
    );
    expect(sums.rows).toEqual([{ size: 154, processed: 150, failed: 4, fits: true, status: ['completed'] }]);
    expect(await fold(url)).toEqual({ folded: 0, rejected: 0 });
  });

  it('leaves the history that the application wrote itself, and takes what an event says of it', async () => {
    const { url, session } = await fleet();
    await append(session, [event({ type: 'updated', to: '2', at: 1 })]);
    await session.script(
      `INSERT INTO update_version_history (agent_id, package_type, package_name, version_to, status, created_at)
       SELECT agent_id, package_type, package_name, version_to, 'success', created_at FROM update_events;
       INSERT INTO agent_commands (id, agent_id, command_type) VALUES ('${event().id}', '${AGENTS[0]}', 'update');
       INSERT INTO update_events (agent_id, package_type, package_name, version_to, event_type, metadata)
       SELECT agent_id, 'apt', 'curl', '1', 'updated', jsonb_build_object('rollback', true, 'message', 'back', 'command_id', id)
       FROM agent_commands`,
    );
    await fold(url);
    const history = await session.query(
      'SELECT status, message, command_id IS NOT NULL AS told FROM update_version_history ORDER BY version_to',
    );
    expect(history.rows).toEqual([
      { status: 'rollback', message: 'back', told: true },
      { status: 'success', message: null, told: false },
    ]);
  });

  it('goes on where a run was cut off, and begins anew in a restored or rewritten table', async () => {
    const { url, session } = await fleet();
    const first = randomStream(seededRandom(9), 300);
    await append(session, first);
    await fold(url);
    const second = randomStream(seededRandom(10), 300);
    await append(session, second);
    let batches = 0;
    const stop = new AbortController();
    const jobs = { 'fold-update-events': { dutyCycle: 1, batchSize: 50 } };
    const onEvent = () => {
      batches += 1;
      if (batches === 3) stop.abort(new Error('enough'));
    };
    const cut = await callJob({ url, name: 'fold-update-events', jobs, changes: { onEvent, signal: stop.signal } });
    const before = cut.counts['folded'] ?? 0;
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(300);
    // Rows change their places, in the middle of a sweep.
    await session.query('VACUUM FULL update_events');
    const after = await fold(url);
    expect(before + (after['folded'] ?? 0)).toBeGreaterThanOrEqual(300);
    expect(await states(session)).toEqual(foldIndependently([...first, ...second]));
    await session.query(`UPDATE steward.fold_progress SET origin = 'elsewhere', watermark = watermark + 1000000000`);
    expect(await fold(url)).toEqual({ folded: 600, rejected: 0 });
    expect(await states(session)).toEqual(foldIndependently([...first, ...second]));
  });
});

function parse(step: string): Partial<TestEvent> {
  const [type, to] = step.split(' ');
  return { type: type as TestEvent['type'], to: to ?? null };
}

async function appendInParts(url: string, events: readonly TestEvent[]): Promise<void> {
  const session = await openSession(url);
  for (let done = 0; done < events.length; done += 30) {
    await session.query('BEGIN');
    await append(session, events.slice(done, done + 15));
    await append(session, events.slice(done + 15, done + 30));
    await session.query('COMMIT');
  }
  await session.close();
}
