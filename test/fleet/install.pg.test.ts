import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { installFleet } from '../../src/fleet/install.js';
import { testDatabase } from '../postgres.js';
import { describeSchema } from './schema.js';

const CLEAN = new URL('../../migrations/fleet/', import.meta.url);
const FLAWED = new URL('../../migrations/fleet-flawed/', import.meta.url);

const clean = () => testDatabase({ template: 'clean', prepare: (session) => installFleet(session, 'clean') });
const flawed = () => testDatabase({ template: 'flawed', prepare: (session) => installFleet(session, 'flawed') });

describe('the clean fleet', () => {
  it('leaves nothing after all down files', async () => {
    const { session } = await testDatabase();
    await installFleet(session, 'clean');
    expect((await describeSchema(session)).length).toBeGreaterThan(100);
    for (const file of filesOf(CLEAN, '.down.sql').reverse()) await session.script(textOf(CLEAN, file));
    expect(await describeSchema(session)).toEqual([]);
  });

  it('is restored exactly by each down file, one step at a time', async () => {
    const { session } = await testDatabase();
    for (const file of filesOf(CLEAN, '.up.sql')) {
      const before = await describeSchema(session);
      await session.script(textOf(CLEAN, file));
      const after = await describeSchema(session);
      await session.script(textOf(CLEAN, file.replace('.up.', '.down.')));
      expect(await describeSchema(session), file).toEqual(before);
      await session.script(textOf(CLEAN, file));
      expect(await describeSchema(session), file).toEqual(after);
    }
  });

  it('changes nothing when its files run a second time', async () => {
    const { session } = await clean();
    const once = await describeSchema(session);
    await installFleet(session, 'clean');
    expect(await describeSchema(session)).toEqual(once);
  });

  it('says for every foreign key what happens on delete, and has an index for it', async () => {
    const { session } = await clean();
    const { rows } = await session.query(`
      SELECT conrelid::regclass::text AS table, conname FROM pg_constraint k
       WHERE contype = 'f' AND (confdeltype = 'a' OR NOT EXISTS (
               SELECT 1 FROM pg_index x WHERE x.indrelid = k.conrelid AND x.indkey[0] = k.conkey[1]
                  AND (x.indpred IS NULL OR pg_get_expr(x.indpred, x.indrelid) LIKE '(% IS NOT NULL)')))`);
    expect(rows).toEqual([]);
  });

  it('keeps times with their zone and makes keys with one generator', async () => {
    const { session } = await clean();
    const lines = await describeSchema(session);
    expect(lines.filter((line) => /timestamp without|uuid_generate/.test(line))).toEqual([]);
  });

  it('refuses to change an event, and lets retention delete it', async () => {
    const { session } = await clean();
    await session.script(`
      INSERT INTO agents (hostname, machine_id, os_type, agent_version) VALUES ('a', 'a', 'linux', '1');
      INSERT INTO update_events (agent_id, package_type, package_name, event_type) SELECT id, 'apt', 'curl', 'discovered' FROM agents`);
    await expect(session.query("UPDATE update_events SET event_type = 'failed'")).rejects.toThrow(/is immutable/);
    expect((await session.query('DELETE FROM update_events')).rowCount).toBe(1);
  });

  it('accepts a time-out in the log', async () => {
    const { session } = await clean();
    await session.query(
      "INSERT INTO agents (hostname, machine_id, os_type, agent_version) VALUES ('a', 'a', 'linux', '1')",
    );
    const written = await session.query(
      "INSERT INTO update_logs (agent_id, action, result) SELECT id, 'timeout', 'timed_out' FROM agents",
    );
    expect(written.rowCount).toBe(1);
  });
});

describe('the flawed fleet', () => {
  it('has the tables and columns of the clean one', async () => {
    const columns = (lines: readonly string[]) =>
      lines
        .filter((line) => line.startsWith('column') && !line.startsWith('column schema_migrations'))
        .map((line) => line.replace(/default \S+ /, ''));
    const [a, b] = [await clean(), await flawed()];
    expect(columns(await describeSchema(b.session))).toEqual(columns(await describeSchema(a.session)));
  });

  it('installs as its server did, in spite of two files that fail', async () => {
    const { session } = await testDatabase();
    const { applied, failed } = await installFleet(session, 'flawed');
    expect(applied).toHaveLength(25);
    expect(failed).toMatchInlineSnapshot(`
      [
        {
          "file": "022_timeout_sweep_index.up.sql",
          "message": "role "fleet_reporting" does not exist",
        },
        {
          "file": "023_last_scan_index.up.sql",
          "message": "column "scanned_at" does not exist",
        },
      ]
    `);
  });

  it('lacks the indexes of the sweep and of the last scan', async () => {
    const { session } = await flawed();
    const indexes = (await describeSchema(session)).filter((line) => line.startsWith('CREATE'));
    expect(indexes.filter((line) => /\((status|sent_at|agent_id), (sent_at|created_at)/.test(line))).toEqual([]);
  });

  it('refuses a time-out in the log', async () => {
    const { session } = await flawed();
    await session.query(
      "INSERT INTO agents (hostname, machine_id, os_type, agent_version) VALUES ('a', 'a', 'linux', '1')",
    );
    await expect(
      session.query("INSERT INTO update_logs (agent_id, action, result) SELECT id, 'timeout', 'timed_out' FROM agents"),
    ).rejects.toThrow(/update_logs_result_check/);
  });

  it('lacks 16 of 28 down files and uses three numbers twice', () => {
    const ups = readdirSync(FLAWED).filter((file) => !file.endsWith('.down.sql'));
    const numbers = ups.map((file) => file.slice(0, 3));
    expect(ups).toHaveLength(28);
    expect(filesOf(FLAWED, '.down.sql')).toHaveLength(12);
    expect(numbers.filter((number, index) => numbers.indexOf(number) !== index)).toEqual(['009', '012', '018']);
  });
});

function filesOf(folder: URL, suffix: string): string[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith(suffix))
    .sort();
}

function textOf(folder: URL, file: string): string {
  return readFileSync(new URL(file, folder), 'utf8');
}
