import type { SeededSql } from './randomness.js';
import type { FleetPlan } from './scale.js';

/** Set-based SQL that fills or changes a table of the fleet. */
export interface LoadStep {
  readonly table: string;
  sql(plan: FleetPlan, random: SeededSql): string;
}
