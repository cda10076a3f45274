import { expect, it } from 'vitest';
import { readJobs } from '../../src/jobs/definitions.js';

const SCHEDULE = '*/5 * * * *';
const orders = (rules: readonly { from: string }[], more: object = {}) => ({
  ...{ kind: 'time-out', table: 'shop.orders', to: 'timed_out', schedule: SCHEDULE },
  rules: rules.map(({ from }) => ({ from, since: 'created_at', afterSeconds: 60 })),
  ...more,
});

it('refuses two jobs that would time out the same rows, and names both', () => {
  const jobs = {
    one: orders([{ from: 'pending' }]),
    two: orders([{ from: 'paying' }, { from: 'pending' }], { to: 'gone' }),
  };
  expect(() => readJobs(jobs)).toThrow(
    'jobs.one and jobs.two both time out rows of shop.orders whose status is pending: leave that to one of them',
  );
});

it('lets two jobs share a table of which each times out other rows, or one never fires', () => {
  expect(() =>
    readJobs({
      one: orders([{ from: 'pending' }]),
      two: orders([{ from: 'paying' }]),
      three: orders([{ from: 'pending' }], { schedule: null }),
      four: { kind: 'purge', table: 'shop.orders', expiresAt: 'expires_at', schedule: SCHEDULE },
      five: { kind: 'retain', table: 'shop.orders', age: 'created_at', days: 90, schedule: SCHEDULE },
    }),
  ).not.toThrow();
});
