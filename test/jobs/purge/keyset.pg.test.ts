import { describe, expect, it } from 'vitest';
import { count, cursors, DEAD, EXPIRED, leaveCursor, oidOf, purge, ROWS, sessions } from './purge-call.js';

describe('a purge along an index', () => {
  it('is chosen where few rows are dead, and takes them in the order of their age', async () => {
    const { url, session } = await sessions();
    await session.script(
      `UPDATE sessions SET expires_at = expires_at + interval '1 year' WHERE id > 50;
       CREATE INDEX ON sessions (expires_at); ANALYZE sessions`,
    );
    const { plan } = await purge(url, EXPIRED, { dryRun: true });
    expect(plan).toMatchObject({ strategy: 'keyset', rows: { total: 20 } });
    expect((await purge(url, EXPIRED)).counts).toEqual({ deleted: 20, expired: 20 });
    expect(await count(session, 'sessions')).toBe(ROWS - 20);
    expect(await cursors(session)).toEqual([null]);
  });

  it('comes to an end although rows of one age cannot be had, and passes them by', async () => {
    const { url, session } = await sessions();
    await purge(url, { ...EXPIRED, maxShare: 0.01 });
    await session.script(
      `UPDATE sessions SET expires_at = (CASE WHEN id <= 600 THEN '2020-01-01' ELSE '2020-01-02' END)::date WHERE id <= 700;
       UPDATE sessions SET expires_at = now() + interval '1 day' WHERE id > 700; CREATE INDEX ON sessions (expires_at);
       CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN CASE WHEN OLD.id > 600 THEN OLD END; END';
       CREATE TRIGGER keep BEFORE DELETE ON sessions FOR EACH ROW EXECUTE FUNCTION keep()`,
    );
    await leaveCursor(session, {
      ...{
        strategy: 'keyset',
        leaf: await oidOf(session, 'sessions'),
        column: 'expires_at',
        after: null,
        isPast: false,
      },
    });
    expect(await purge(url, EXPIRED)).toMatchObject({ status: 'succeeded', counts: { deleted: 100 } });
  });

  it('begins anew where the cursor is of another table or column', async () => {
    const { url, session } = await sessions();
    await purge(url, { ...EXPIRED, maxShare: 0.01 });
    await leaveCursor(session, { strategy: 'keyset', leaf: 1, column: 'note', after: 'x', isPast: false });
    expect((await purge(url, EXPIRED)).counts['deleted']).toBe(DEAD);
  });

  it.each([
    [
      'is chosen at 3 % of dead rows where the table is ordered by their age',
      'id',
      'keyset',
      'the table is ordered by it',
    ],
    ['is not chosen at 3 % where it is in no order', `id * 7919 % ${ROWS}`, 'tid-range', 'more than 2 % of its rows'],
  ])('%s', async (_, place, strategy, why) => {
    const { url, session } = await sessions();
    await session.script(
      `UPDATE sessions SET expires_at = now() + (${place} - 0.03 * ${ROWS}) * interval '1 minute';
       CREATE INDEX ON sessions (expires_at); CLUSTER sessions USING sessions_pkey; ANALYZE sessions`,
    );
    const { plan } = await purge(url, EXPIRED, { dryRun: true });
    expect(plan).toMatchObject({ strategy, why: expect.stringContaining(why) });
  });

  it('is not chosen where many rows are dead', async () => {
    const { url, session } = await sessions();
    await session.script('CREATE INDEX ON sessions (expires_at); ANALYZE sessions');
    expect((await purge(url, EXPIRED, { dryRun: true })).plan?.strategy).toBe('tid-range');
  });
});
