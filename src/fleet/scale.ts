import { StewardError } from '../errors.js';

export type FleetScale = 'tiny' | 'small' | 'full';

/** What a fleet's data is made from. */
export interface FleetPlan {
  readonly seed: number;
  readonly agents: number;
  readonly commands: number;
  readonly logs: number;
  readonly events: number;
  readonly packageStates: number;
  readonly refreshTokens: number;
  /** Names of packages to draw from; more than the largest agent has packages. */
  readonly packageNames: number;
  /** One agent in so many has never reported an event. */
  readonly silentEvery: number;
  /** One agent in so many stopped reporting some months ago. */
  readonly retiredEvery: number;
  /** The hour that all times are counted from, as an SQL literal. */
  readonly anchor: string;
}

const SIZES = {
  tiny: { agents: 10, rows: 4_000, events: 8_000, packageNames: 1_000, silentEvery: 10, retiredEvery: 10 },
  small: { agents: 500, rows: 200_000, events: 400_000, packageNames: 5_000, silentEvery: 100, retiredEvery: 50 },
  full: {
    agents: 5_000,
    rows: 2_000_000,
    events: 10_000_000,
    packageNames: 10_000,
    silentEvery: 1_000,
    retiredEvery: 500,
  },
} as const;

/** Gives the sizes of a scale; `anchor` is an ISO time. */
export function planFleet(scale: FleetScale, seed: number, anchor: string): FleetPlan {
  if (!Number.isSafeInteger(seed)) {
    throw new StewardError('usage', `the seed ${seed} is not a whole number`, { hint: 'give a whole number, like 1' });
  }
  const { rows, ...sizes } = SIZES[scale];
  return {
    ...sizes,
    seed,
    commands: rows,
    logs: rows * 1.5,
    packageStates: rows,
    refreshTokens: rows,
    anchor: `timestamptz '${anchor}'`,
  };
}
