import type { SeededSql } from './randomness.js';
import type { FleetPlan } from './scale.js';

/** One set-based statement that fills a table of the fleet. */
export interface LoadStep {
  readonly table: string;
  sql(plan: FleetPlan, random: SeededSql): string;
}
