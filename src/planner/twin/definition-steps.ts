import { messageOf, sqlStateOf } from '../../errors.js';
import type { RelationName } from '../../model/catalog.js';
import type { Session } from '../../postgres/session.js';
import type { Problems } from './problems.js';

/** One statement that builds a part of the twin. */
export interface DefinitionStep {
  readonly sql: string;
  /** What it makes, for a message: `index public.t_a_idx`. */
  readonly object: string;
  /** Relations whose plans are wrong without it; none for what the planner does not look at. */
  readonly spoils: readonly RelationName[];
  /** Tried when `sql` finds duplicates among the seed rows. */
  readonly onDuplicates?: () => Promise<void>;
}

/** Statements of one round trip. */
const BATCH_SIZE = 100;
const UNIQUE_VIOLATION = '23505';

/** Runs the steps in order; one that cannot be done is noted with its reason, the others go on. */
export async function runSteps(session: Session, steps: readonly DefinitionStep[], problems: Problems): Promise<void> {
  for (let from = 0; from < steps.length; from += BATCH_SIZE) {
    const batch = steps.slice(from, from + BATCH_SIZE);
    try {
      // The simple protocol makes one transaction of a script: all or nothing.
      await session.script(batch.map(({ sql }) => sql).join(';\n'));
    } catch (error) {
      if (sqlStateOf(error) === null) throw error;
      for (const step of batch) await runAlone(session, step, problems);
    }
  }
}

async function runAlone(session: Session, step: DefinitionStep, problems: Problems): Promise<void> {
  try {
    await session.script(step.sql);
  } catch (error) {
    const state = sqlStateOf(error);
    if (state === null) throw error;
    if (state === UNIQUE_VIOLATION && step.onDuplicates !== undefined) await step.onDuplicates();
    else
      for (const relation of step.spoils)
        problems.add(relation, `the ${step.object} cannot be made: ${messageOf(error)}`);
  }
}
