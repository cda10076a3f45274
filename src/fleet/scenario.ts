import type { Session } from '../postgres/session.js';
import { plannedActivities } from './activities.js';
import { sampleFleet } from './sample.js';
import { fleetStatement } from './statements.js';

/** One of the fleet's statements as its server calls it: how often, and with which values. */
export interface FleetScenarioQuery {
  readonly name: string;
  readonly sql: string;
  /** Calls in an hour of the fleet's life. */
  readonly calls: number;
  readonly parameterSets: readonly (readonly unknown[])[];
  readonly writes: boolean;
}

/** An hour: what happens rarely happens in it at least once. */
const ROUNDS = 12;

/** Enough that one lucky value does not decide. */
const PARAMETER_SETS = 8;

/** Beside the hot statements, as many of those that are called most: polling, heartbeats, tokens, reports. */
const FREQUENT = 8;

/** Gives what agents, people and services of a fleet call, drawn from its rows by a seed. */
export async function fleetScenario(session: Session, seed: number): Promise<readonly FleetScenarioQuery[]> {
  const sample = await sampleFleet(session, seed);
  const calls = new Map<string, number>();
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const { statement } of plannedActivities(sample, round).flat())
      calls.set(statement.name, (calls.get(statement.name) ?? 0) + 1);
  }
  const byCalls = [...calls].sort(([, left], [, right]) => right - left);
  const frequent = new Set(byCalls.slice(0, FREQUENT).map(([name]) => name));
  return byCalls.flatMap(([name, count]): FleetScenarioQuery[] => {
    const statement = fleetStatement(name);
    const { hot, sql, writes } = statement;
    if (!hot && !frequent.has(name)) return [];
    // An activity's own values may name a row that its first call has made; these are of rows that are there.
    const parameterSets = Array.from({ length: PARAMETER_SETS }, () => statement.parameters(sample));
    return [{ name, sql, calls: count, parameterSets, writes }];
  });
}
