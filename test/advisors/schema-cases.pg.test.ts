import { advisors } from '../../src/advisors/index.js';
import { SCHEMA_CASES } from './cases/schemas.js';
import { checkSchemaCases } from './schema/check-schema-cases.js';

for (const [id, cases] of Object.entries(SCHEMA_CASES)) {
  const advisor = advisors.find((each) => each.id === id);
  if (advisor === undefined) throw new RangeError(`there is no rule ${id}`);
  checkSchemaCases(advisor, cases);
}
