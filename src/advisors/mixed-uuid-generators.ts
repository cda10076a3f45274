import { quoteRelation } from '../sql/quote.js';
import {
  mixedUuidGenerators as describe,
  mixedUuidRule,
  type UuidDefault,
  uuidGeneratorOf,
} from '../sql/schema-rules/mixed-uuid-generators.js';
import type { Advisor } from './advisor.js';
import { ownTables, rowsOfTable } from './schema/own-tables.js';
import { schemaFinding } from './schema/schema-finding.js';

/** Two functions make the random keys of one database. */
export const mixedUuidGenerators: Advisor = {
  ...mixedUuidRule,
  async detect({ catalog }) {
    const defaults = ownTables(catalog).flatMap((table) =>
      table.columns.flatMap(({ name, default: expression }): UuidDefault[] => {
        const generator = uuidGeneratorOf(expression);
        if (generator === null || expression === null) return [];
        return [{ table: quoteRelation(table), column: name, generator, expression }];
      }),
    );
    const found = describe(defaults);
    if (found === null) return [];
    const old = ownTables(catalog).filter((table) => found.relations.includes(quoteRelation(table)));
    return [
      schemaFinding({
        ...found,
        key: 'mixed-uuid-generators:uuid',
        evidence: [
          {
            name: 'rows of the tables that use uuid_generate_v4()',
            value: old.reduce((sum, table) => sum + rowsOfTable(table), 0),
            unit: 'rows',
            source: 'pg_class',
          },
        ],
        detail: 'the defaults of all columns were read',
      }),
    ];
  },
};
