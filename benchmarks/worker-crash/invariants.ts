import type { Session } from '../../src/postgres/session.js';

/** A sentence that has to hold, and the figures that say whether it does. */
export interface Invariant {
  readonly sentence: string;
  readonly holds: boolean;
  readonly figures: string;
}

/** Compares the ledger with the tables that the runs changed. */
export async function checkInvariants(session: Session): Promise<readonly Invariant[]> {
  const count = async (sql: string) => Number((await session.query<{ n: string }>(sql)).rows[0]?.n);
  const fed = await count('SELECT count(*) AS n FROM fed_dead');
  const left = await count('SELECT count(*) AS n FROM things JOIN fed_dead USING (id)');
  const deleted = await count(`SELECT coalesce(sum((counts ->> 'deleted')::bigint), 0) AS n FROM steward.job_runs`);
  const living = await count(
    'SELECT count(*) AS n FROM fed_living LEFT JOIN things USING (id) WHERE things.id IS NULL',
  );
  const timedOut = await count(`SELECT count(*) AS n FROM orders WHERE state = 'timed_out'`);
  const told = await count(`SELECT coalesce(sum((counts ->> 'timedOut')::bigint), 0) AS n FROM steward.job_runs`);
  const audited = await count('SELECT count(*) AS n FROM order_log');
  const twice = await count(
    'SELECT count(*) AS n FROM (SELECT FROM order_log GROUP BY order_id HAVING count(*) > 1) AS twice',
  );
  const fires = await count(
    'SELECT count(*) AS n FROM (SELECT FROM steward.job_runs GROUP BY job, target, fire_at HAVING count(*) > 1) AS twice',
  );
  const open = await count(
    `SELECT count(*) AS n FROM steward.job_runs WHERE status = 'running' AND lease_until > clock_timestamp()`,
  );
  const say = (sentence: string, holds: boolean, figures: string): Invariant => ({ sentence, holds, figures });
  return [
    say(
      'what the ledger says was deleted is gone, and nothing else is',
      deleted === fed - left,
      `${deleted} of ${fed}, ${left} left`,
    ),
    say('no living row was deleted', living === 0, `${living}`),
    say('what the ledger says timed out has timed out', told === timedOut, `${told} against ${timedOut}`),
    say('each time-out has one audit row', audited === timedOut && twice === 0, `${audited} rows, ${twice} doubled`),
    say('no fire has two rows', fires === 0, `${fires}`),
    say('no run is left open', open === 0, `${open}`),
  ];
}
