import { expect, it } from 'vitest';
import { append, event, fleet, fold, states } from './events.js';

it('sets aside what a constraint or a length refuses, in PostgreSQL’s own words, and folds the rest of a package', async () => {
  const { url, session } = await fleet();
  await session.script(
    `ALTER TABLE current_package_state ADD CONSTRAINT known_version CHECK (available_version <> '9'),
       ALTER package_name TYPE varchar(8);
     ALTER TABLE update_version_history ADD CONSTRAINT no_failures CHECK (status <> 'failed' OR package_name <> 'wget')`,
  );
  const bad = [
    event({ name: 'curl', to: '9', at: 2 }),
    event({ name: 'much-too-long', at: 1 }),
    event({ name: 'wget', type: 'failed', at: 2 }),
  ];
  const good = [
    event({ name: 'curl', to: '1', at: 1 }),
    event({ name: 'wget', at: 1 }),
    event({ name: 'bash', at: 1 }),
  ];
  await append(session, [...bad, ...good]);
  expect(await fold(url)).toEqual({ folded: 3, rejected: 3 });
  const folded = [...(await states(session))].map(
    ([key, { status, available }]) => `${key.split(' ')[1]} ${status} ${available}`,
  );
  expect(folded.sort()).toEqual(['bash pending 1.1', 'curl pending 1', 'wget pending 1.1']);
  const reasons = await session.query('SELECT reason FROM steward.fold_rejections ORDER BY reason');
  expect(reasons.rows).toEqual([
    { reason: 'new row for relation "current_package_state" violates check constraint "known_version"' },
    { reason: 'new row for relation "update_version_history" violates check constraint "no_failures"' },
    { reason: 'value too long for type character varying(8)' },
  ]);
});

it('leaves a CHECK on the whole row, or on what the fold does not write, to PostgreSQL', async () => {
  const { url, session } = await fleet();
  await session.script(
    `CREATE FUNCTION fits(current_package_state) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT $1.package_name <> 'curl' $$;
     ALTER TABLE current_package_state ADD CHECK (fits(current_package_state.*)), ADD CHECK (approved_by IS NULL OR status <> 'pending')`,
  );
  await append(session, [event({ name: 'curl' }), event({ name: 'bash' })]);
  expect(await fold(url)).toEqual({ folded: 1, rejected: 1 });
});
