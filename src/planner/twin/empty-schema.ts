import type { Catalog } from '../../model/catalog.js';
import type { Session } from '../../postgres/session.js';
import { runEntangledSteps, runSteps } from './definition-steps.js';
import { constraintSteps, familySteps, foundationSteps, indexSteps, objectSteps, ruleSteps } from './definitions.js';
import { Problems } from './problems.js';

/** Makes all that a schema holds in an empty database, without rows; what cannot be made is left out. */
export async function createEmptySchema(session: Session, catalog: Catalog): Promise<void> {
  const problems = new Problems();
  await session.script('SET search_path = pg_catalog; SET check_function_bodies = off');
  await runSteps(session, foundationSteps(catalog), problems);
  await runEntangledSteps(session, objectSteps(catalog), problems);
  await runSteps(session, familySteps(catalog.tables), problems);
  const indexes = indexSteps(catalog.tables, async () => undefined);
  // Without rows nothing is to be tried otherwise.
  await runSteps(
    session,
    indexes.map(({ withoutRows: _, ...step }) => step),
    problems,
  );
  await runSteps(session, constraintSteps(catalog, problems), problems);
  await runSteps(session, ruleSteps(catalog), problems);
}
