import { installFleet } from '../../../src/fleet/install.js';
import { ensureOwnTables, ownTables } from '../../../src/migrate/own-tables.js';
import type { Session } from '../../../src/postgres/session.js';
import { type TestDatabase, testDatabase } from '../../postgres.js';
import { callJob } from '../../worker/by-hand.js';
import type { FoldedPackage, TestEvent } from './independent-fold.js';

export const AGENTS = ['aaaaaaaa-0000-4000-8000-000000000001', 'aaaaaaaa-0000-4000-8000-000000000002'] as const;

/** Gives the fleet with two agents and one user. */
export function fleet(): Promise<TestDatabase> {
  return testDatabase({ template: 'fleet', prepare: installWithAgents });
}

/** Makes that fleet in a database. */
export async function installWithAgents(session: Session): Promise<void> {
  await installFleet(session, 'clean');
  await ensureOwnTables(session, ownTables('steward'));
  await session.script(
    `INSERT INTO agents (id, hostname, machine_id, os_type, agent_version)
     SELECT id, 'host', id, 'linux', '1' FROM unnest('{${AGENTS.join(',')}}'::uuid[]) AS id;
     INSERT INTO users (username, email, password_hash) VALUES ('ann', 'a@example.org', '')`,
  );
}

let made = 0;

/** An event about `curl` of the first agent, which discovers version 1.1. */
export function event(changes: Partial<TestEvent> = {}): TestEvent {
  made += 1;
  const id = `00000000-0000-4000-8000-${String(made).padStart(12, '0')}`;
  return {
    ...{ id, agentId: AGENTS[0], name: 'curl', type: 'discovered', from: '1.0', to: '1.1', severity: 'low', at: made },
    ...changes,
  };
}

export async function append(session: Session, events: readonly TestEvent[]): Promise<void> {
  await session.query(
    `INSERT INTO update_events (id, agent_id, package_type, package_name, version_from, version_to, severity, event_type, created_at)
     SELECT id, agent, 'apt', name, "from", "to", severity, type, timestamptz '2026-01-01Z' + at * interval '1 min'
     FROM json_to_recordset($1) AS e(id uuid, agent uuid, name text, "from" text, "to" text, severity text, type text, at int)`,
    [JSON.stringify(events.map((each) => ({ ...each, agent: each.agentId })))],
  );
}

/** Runs the job and gives its counts. */
export async function fold(url: string, own: Readonly<Record<string, unknown>> = {}): Promise<Record<string, number>> {
  const jobs = { 'fold-update-events': { dutyCycle: 1, ...own } };
  const report = await callJob({ url, name: 'fold-update-events', jobs });
  if (report.status !== 'succeeded') throw new Error(`the run ${report.status}: ${report.error}`);
  return { ...report.counts };
}

/** Gives current_package_state by agent and name. */
export async function states(session: Session): Promise<Map<string, FoldedPackage>> {
  const read = await session.query<FoldedPackage & { key: string }>(
    `SELECT agent_id || ' ' || package_name AS key, status, current_version AS current, available_version AS available, severity
     FROM current_package_state`,
  );
  return new Map(read.rows.map(({ key, ...state }) => [key, state]));
}

/** Gives the one package's status and version. */
export async function only(session: Session): Promise<string> {
  const [state] = (await states(session)).values();
  return `${state?.status} ${state?.available}`;
}

export async function approve(session: Session): Promise<void> {
  await session.query(
    `UPDATE current_package_state SET status = 'approved', approved_by = (SELECT id FROM users), approved_at = now()
     WHERE status = 'pending'`,
  );
}

/** What may happen to a package. */
export function randomStep(random: () => number): Partial<TestEvent> {
  const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T;
  return {
    ...{ type: pick(['discovered', 'discovered', 'updated', 'failed', 'ignored'] as const), to: pick(['1', '2', '3']) },
    ...{ from: pick([null, '0', '1']), severity: pick(['critical', 'important', 'moderate', 'low']) },
  };
}

/** Few packages and few points in time, so that much is late and much at once. */
export function randomStream(random: () => number, length: number): readonly TestEvent[] {
  return Array.from({ length }, () =>
    event({
      ...randomStep(random),
      agentId: AGENTS[random() < 0.5 ? 0 : 1] ?? '',
      name: `package-${Math.floor(random() * 25)}`,
      at: Math.floor(random() * 40),
    }),
  );
}
