import { messageOf, sqlStateOf } from '../../errors.js';
import type { RelationName } from '../../model/relation-name.js';
import type { Session } from '../../postgres/session.js';
import type { Problems } from './problems.js';

/** One statement that builds a part of the twin. */
export interface DefinitionStep {
  readonly sql: string;
  /** What it makes, for a message: `index public.t_a_idx`. */
  readonly object: string;
  /** Relations whose plans are wrong without it; none for what the planner does not look at. */
  readonly spoils: readonly RelationName[];
  /** Statements that make nearly the same, tried in order where `sql` fails. */
  readonly alternatives?: readonly string[];
  /** Tried when nothing else worked: the seed rows may be what stands in the way. */
  readonly withoutRows?: () => Promise<void>;
}

/** Statements of one round trip. */
const BATCH_SIZE = 100;

/** Runs the steps in order; one that cannot be done is noted with its reason, the others go on. */
export async function runSteps(session: Session, steps: readonly DefinitionStep[], problems: Problems): Promise<void> {
  for (const { step, error } of await runAll(session, steps)) note(step, error, problems);
}

/**
 * Runs steps that may need each other: what fails is tried again as long as that makes anything new, then noted with
 * its reason.
 */
export async function runEntangledSteps(
  session: Session,
  steps: readonly DefinitionStep[],
  problems: Problems,
): Promise<void> {
  let failed = await runAll(session, steps);
  let waiting = steps.length;
  while (failed.length > 0 && failed.length < waiting) {
    waiting = failed.length;
    failed = await runAll(
      session,
      failed.map(({ step }) => step),
    );
  }
  for (const { step, error } of failed) note(step, error, problems);
}

interface FailedStep {
  readonly step: DefinitionStep;
  readonly error: unknown;
}

async function runAll(session: Session, steps: readonly DefinitionStep[]): Promise<readonly FailedStep[]> {
  const failed: FailedStep[] = [];
  for (let from = 0; from < steps.length; from += BATCH_SIZE) {
    failed.push(...(await runBatch(session, steps.slice(from, from + BATCH_SIZE))));
  }
  return failed;
}

/** The simple protocol makes one transaction of a script, all or nothing: halves find the step that fails. */
async function runBatch(session: Session, batch: readonly DefinitionStep[]): Promise<readonly FailedStep[]> {
  const [first] = batch;
  if (first === undefined) return [];
  try {
    await session.script(batch.map(({ sql }) => sql).join(';\n'));
    return [];
  } catch (error) {
    if (sqlStateOf(error) === null) throw error;
    if (batch.length === 1) return (await runOtherwise(session, first)) ? [] : [{ step: first, error }];
    const middle = batch.length >> 1;
    return [...(await runBatch(session, batch.slice(0, middle))), ...(await runBatch(session, batch.slice(middle)))];
  }
}

async function runOtherwise(session: Session, { alternatives, withoutRows }: DefinitionStep): Promise<boolean> {
  const ways = [...(alternatives ?? []).map((sql) => () => session.script(sql)), ...(withoutRows ? [withoutRows] : [])];
  for (const way of ways) {
    try {
      await way();
      return true;
    } catch (error) {
      if (sqlStateOf(error) === null) throw error;
      // A transaction of several statements may have been left open; outside of one this is a mere warning.
      await session.query('ROLLBACK');
    }
  }
  return false;
}

function note(step: DefinitionStep, error: unknown, problems: Problems): void {
  const reason = `the ${step.object} cannot be made: ${messageOf(error)}`;
  for (const relation of step.spoils) problems.add(relation, reason);
  problems.addMissing(step.object, reason);
}
