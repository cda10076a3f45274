import { mistakenReads, readStatements } from './reads.js';
import type { FleetStatement } from './statement.js';
import { timeoutAudit, writeStatements } from './writes.js';

/** Every statement of the fleet's server; eight of them are hot. */
export const fleetStatements: readonly FleetStatement[] = [
  ...readStatements,
  ...mistakenReads,
  ...writeStatements,
  timeoutAudit,
];

/** Gives the statement of a name, or fails: names are written in this program. */
export function fleetStatement(name: string): FleetStatement {
  const found = fleetStatements.find((statement) => statement.name === name);
  if (found === undefined) throw new RangeError(`the fleet has no statement ${name}`);
  return found;
}
