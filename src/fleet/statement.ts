import type { FleetSample } from './sample.js';

/** A statement that the fleet's server runs, once defined for the workload, the bench and the twin's accuracy. */
export interface FleetStatement {
  readonly name: string;
  /** With `$n` parameters. */
  readonly sql: string;
  /** One of the eight reads that the fleet spends its time in. */
  readonly hot: boolean;
  /** Changes rows. */
  readonly writes: boolean;
  /** Parameters as the server would bind them, in the order of `$n`. */
  parameters(sample: FleetSample): unknown[];
}
