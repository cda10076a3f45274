import type { Session } from '../postgres/session.js';
import { seededRandom } from '../random.js';

/** An agent's package, as a person would open it. */
interface SampledPackage {
  readonly agentId: string;
  readonly packageType: string;
  readonly packageName: string;
}

/** Values that are in a fleet's tables, and a seeded way to draw from them. */
export interface FleetSample {
  /** A number in [0, 1). */
  random(): number;
  /** The server's time when the sample was taken. */
  readonly now: Date;
  readonly agentIds: readonly string[];
  readonly commandIds: readonly string[];
  /** Package states that wait for an approval. */
  readonly pendingStateIds: readonly string[];
  readonly packages: readonly SampledPackage[];
  readonly tokenHashes: readonly string[];
  readonly userIds: readonly string[];
}

interface SampleRow {
  readonly now: Date;
  readonly agents: readonly string[];
  readonly commands: readonly string[];
  readonly states: readonly string[];
  readonly packages: readonly SampledPackage[];
  readonly tokens: readonly string[];
  readonly users: readonly string[];
}

/** Draws values from a generated fleet; the same seed draws the same of the same rows. */
export async function sampleFleet(session: Session, seed: number): Promise<FleetSample> {
  // Ordered by a hash of the key, a prefix of the rows is a sample that any session finds again.
  const { rows } = await session.query<SampleRow>(
    `SELECT /* pgsteward: not part of the workload */ now() AS now,
            ARRAY(SELECT id::text FROM agents ORDER BY created_at, id) AS agents,
            ARRAY(SELECT id::text FROM agent_commands WHERE status = 'completed' ORDER BY uuid_hash_extended(id, $1) LIMIT 500) AS commands,
            ARRAY(SELECT id::text FROM current_package_state WHERE status = 'pending' ORDER BY uuid_hash_extended(id, $1) LIMIT 1000) AS states,
            (SELECT coalesce(jsonb_agg(jsonb_build_object('agentId', agent_id, 'packageType', package_type, 'packageName', package_name)), '[]')
               FROM (SELECT * FROM current_package_state ORDER BY uuid_hash_extended(id, $1 + 1) LIMIT 500) package) AS packages,
            ARRAY(SELECT token_hash FROM refresh_tokens WHERE NOT revoked AND expires_at > now() ORDER BY uuid_hash_extended(id, $1) LIMIT 500) AS tokens,
            ARRAY(SELECT id::text FROM users WHERE disabled_at IS NULL ORDER BY username) AS users`,
    [seed],
  );
  const row = rows[0];
  return {
    random: seededRandom(seed),
    now: row?.now ?? new Date(0),
    agentIds: row?.agents ?? [],
    commandIds: row?.commands ?? [],
    pendingStateIds: row?.states ?? [],
    packages: row?.packages ?? [],
    tokenHashes: row?.tokens ?? [],
    userIds: row?.users ?? [],
  };
}

/** One of the values; the first where there is but one, null where there is none. */
export function drawn<T>(values: readonly T[], sample: FleetSample): T | null {
  return values[Math.floor(sample.random() * values.length)] ?? null;
}

/** An agent, the busy ones more often, as the generator's skew has it. */
export function drawnAgent(sample: FleetSample): string | null {
  return sample.agentIds[Math.floor(sample.random() ** 1.5 * sample.agentIds.length)] ?? null;
}

/** The time so many minutes before the sample was taken, as ISO text. */
export function minutesBefore(sample: FleetSample, minutes: number): string {
  return new Date(sample.now.getTime() - minutes * 60_000).toISOString();
}

/** A uuid of the sample's own randomness, so that the rows of a run do not depend on the server. */
export function drawnUuid(sample: FleetSample): string {
  const digits = Array.from({ length: 32 }, () => Math.floor(sample.random() * 16).toString(16)).join('');
  return `${digits.slice(0, 8)}-${digits.slice(8, 12)}-4${digits.slice(13, 16)}-a${digits.slice(17, 20)}-${digits.slice(20)}`;
}
