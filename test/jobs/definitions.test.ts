import { expect, it } from 'vitest';
import { messageOf } from '../../src/errors.js';
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

const purging = (more: object) => ({ kind: 'purge', schedule: SCHEDULE, ...more });

it('refuses two jobs that would purge one table, however its name is written', () => {
  const jobs = {
    one: purging({ table: 'public.sessions', where: 'is_bot' }),
    two: purging({ table: '"sessions"', expiresAt: 'expires_at' }),
  };
  expect(() => readJobs(jobs)).toThrow('jobs.one and jobs.two both purge sessions: leave that to one of them');
});

it('refuses two jobs that would delete rows by one age, in one sentence', () => {
  const retain = { kind: 'retain', tables: { 'shop.orders': { days: 90 } }, schedule: SCHEDULE };
  expect(() => readJobs({ one: retain, two: { ...retain, tables: { 'Shop.Orders': { days: 30 } } } })).toThrow(
    'jobs.one and jobs.two both delete rows of shop.orders by their age in created_at',
  );
  const purge = purging({ table: 'shop.orders', expiresAt: 'created_at', graceSeconds: 60 });
  expect(() => readJobs({ one: retain, two: purge })).toThrow('both delete rows of shop.orders by their age');
  expect(() => readJobs({ one: purge, two: purge })).toThrow(/^jobs\.one and jobs\.two both purge shop\.orders[^\n]*$/);
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

it('names each bad key with its value and what is allowed', () => {
  const bad = {
    days: { kind: 'retain', table: 'logs', days: -1 },
    rules: { kind: 'time-out', table: 'orders', to: 'gone', rules: [] },
    grace: { kind: 'purge', table: 'logs', expiresAt: 'at', graceSeconds: 'long', dutyCycle: 2, overlap: 'wait' },
    union: { kind: 'retain', table: 'logs', days: 'ten' },
  };
  expect(messageOf(catchError(() => readJobs(bad)))).toMatchInlineSnapshot(`
    "jobs.days.days is -1; expected at least 0
    jobs.rules.rules is []; expected a list of at least 1
    jobs.grace.overlap is "wait"; allowed: skip, queue
    jobs.grace.dutyCycle is 2; expected at most 1
    jobs.grace.graceSeconds is "long"; expected a number
    jobs.union.days is "ten"; expected a number, or keys with values"
  `);
});

function catchError(work: () => unknown): unknown {
  try {
    return work();
  } catch (error) {
    return error;
  }
}
