import type { IndexSpec } from '../model/planner.js';

/** Gives an index's keys as they stand in its definition, and its INCLUDE columns behind a semicolon. */
export function indexColumns({ keys, include }: IndexSpec): string {
  const words = keys
    .map(({ column, sql, opclass, descending }) =>
      // Which schema holds an operator class is for the statement alone.
      [column ?? sql, ...(opclass?.split('.').slice(-1) ?? []), ...(descending ? ['DESC'] : [])].join(' '),
    )
    .join(', ');
  return include.length === 0 ? words : `${words}; include ${include.join(', ')}`;
}
