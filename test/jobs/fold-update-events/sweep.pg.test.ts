import { expect, it, vi } from 'vitest';
import { serverWithSmallDisk } from '../../embedded/small-disk.js';
import { callJob } from '../../worker/by-hand.js';
import { append, event, installWithAgents, states } from './events.js';
import { foldIndependently } from './independent-fold.js';

// A server is started here; on a busy machine that takes its time.
vi.setConfig({ testTimeout: 120_000 });

const EVENTS = 2000;

it('a full disk ends a fold with its reason: no event is half folded or set aside, and the next run folds the rest', async (context) => {
  const { url, session, leave } = await serverWithSmallDisk(context);
  await installWithAgents(session);
  await session.query('ALTER TABLE current_package_state SET TABLESPACE small');
  const events = Array.from({ length: EVENTS }, (_, n) => event({ name: `package-${n}` }));
  await append(session, events);
  leave(64 * 1024);
  const full = await fold();
  expect(full).toMatchObject({ status: 'failed', error: expect.stringContaining('No space left on device') });
  const { folded = 0, rejected = 0 } = full.counts;
  expect({ folded, rejected }).toEqual({ folded: (await states(session)).size, rejected: 0 });
  expect(folded).toBeGreaterThan(0);
  leave(64 * 1024 * 1024);
  expect(await fold()).toMatchObject({ status: 'succeeded', counts: { folded: EVENTS - folded, rejected: 0 } });
  expect(await states(session)).toEqual(foldIndependently(events));

  function fold() {
    return callJob({ url, name: 'fold-update-events', jobs: { 'fold-update-events': { dutyCycle: 1 } } });
  }
});
