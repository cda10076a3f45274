import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/random.js';
import { callJob } from '../../worker/by-hand.js';
import { AGENTS, append, approve, event, fleet, fold, randomStream, states } from './events.js';
import { foldIndependently } from './independent-fold.js';

const JOB = 'fold-update-events';
const jobs = { [JOB]: { dutyCycle: 1, rebuild: true, batchSize: 40 } };

describe('a rebuild', () => {
  it('finds nothing where all is well', async () => {
    const { url, session } = await fleet();
    await append(session, randomStream(seededRandom(20), 300));
    const { counts, detail } = await callJob({ url, name: JOB, jobs });
    const compared = (await states(session)).size;
    expect(counts).toEqual({ folded: 300, rejected: 0, compared, differing: 0, mended: 0 });
    expect(detail).toEqual({ compared, differing: 0, differences: [], withoutEvents: 0 });
  });

  it('mends what differs from an independent fold and names it; a dry run only names it', async () => {
    const { url, session } = await fleet();
    const events = randomStream(seededRandom(21), 400);
    await append(session, events);
    await fold(url);
    await session.script(
      `UPDATE current_package_state SET status = 'ignored', severity = 'critical' WHERE package_name LIKE '%7';
       UPDATE current_package_state SET available_version = '9' WHERE package_name LIKE '%8';
       DELETE FROM current_package_state WHERE package_name LIKE '%9';
       DELETE FROM update_version_history WHERE package_name = 'package-1';
       INSERT INTO current_package_state (agent_id, package_type, package_name) VALUES ('${AGENTS[0]}', 'apt', 'by-hand')`,
    );
    const before = await states(session);
    const planned = await callJob({ url, name: JOB, jobs, dryRun: true });
    expect(await states(session)).toEqual(before);
    const { counts, detail } = await callJob({ url, name: JOB, jobs });
    const { differences, ...figures } = detail as { differences: readonly { refusal: null }[] };
    expect(planned.plan?.detail).toEqual({ ...figures, differences: differences.map(({ refusal, ...rest }) => rest) });
    expect(counts['mended']).toBe(differences.length);
    expect(figures).toMatchObject({ differing: differences.length, withoutEvents: 1 });
    expect(differences).toContainEqual(
      expect.objectContaining({ packageName: 'package-19', stored: null, missingFromHistory: 0 }),
    );
    const mended = await states(session);
    mended.delete(`${AGENTS[0]} by-hand`);
    expect(mended).toEqual(foldIndependently(events));
    const installed = events.filter(({ type }) => type === 'updated' || type === 'failed').length;
    expect((await session.query('SELECT FROM update_version_history')).rowCount).toBe(installed);
    expect((await callJob({ url, name: JOB, jobs })).counts['differing']).toBe(0);
  });

  it('leaves approvals, and folds what was set aside once its cause is gone', async () => {
    const { url, session } = await fleet();
    await session.query(`ALTER TABLE current_package_state ADD CONSTRAINT no_curl CHECK (package_name <> 'curl')`);
    await append(session, [event({ name: 'approved' }), event({ to: '2' }), event({ to: '3' })]);
    await fold(url);
    await approve(session);
    await session.query(`UPDATE current_package_state SET severity = 'critical'`);
    expect((await callJob({ url, name: JOB, jobs })).counts).toMatchObject({ folded: 0, mended: 1 });
    await session.query('ALTER TABLE current_package_state DROP CONSTRAINT no_curl');
    expect((await callJob({ url, name: JOB, jobs })).counts).toMatchObject({ folded: 2, mended: 0 });
    expect(
      [...(await states(session))].map(([key, { status, available }]) => [key.slice(37), status, available]),
    ).toEqual(
      expect.arrayContaining([
        ['approved', 'approved', '1.1'],
        ['curl', 'pending', '3'],
      ]),
    );
  });
});
