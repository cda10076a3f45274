import type { Catalog } from '../model/catalog.js';
import type { Fix } from '../model/finding.js';
import type { SequenceState } from '../model/schema-object.js';
import { quoteIdentifier, quoteRelation } from '../sql/quote.js';
import type { Advisor, Detection } from './advisor.js';
import { countText, nameOf } from './index-hygiene/figures.js';
import { typeBeneath } from './schema/domains.js';
import { type Exhaustion, endText, exhaustionOf, LARGEST, shareText } from './schema/exhaustion.js';
import { tableNamed } from './schema/own-tables.js';
import { schemaFinding, stepsFix } from './schema/schema-finding.js';

/** Reports sequences that are about to reach their end before their column does. */
export const exhaustingSequence: Advisor = {
  id: 'exhausting-sequence',
  title: 'A sequence is about to end',
  severity: 'warn',
  docs: {
    what: 'Sequences that have given out most of the values up to their MAXVALUE, or to the end of their own type, although their column could hold more.',
    why: 'Behind the last value nextval() fails (2200H) and with it every INSERT that relies on it. A serial column that was made bigint keeps a sequence of integers.',
    limits:
      'Sequences that start again (CYCLE) are passed by, and so are those whose column ends first: that is the key’s own finding. A role without SELECT or USAGE on a sequence does not see where it stands.',
    sources: ['https://www.postgresql.org/docs/current/sql-altersequence.html'],
  },
  async detect({ catalog }) {
    return (catalog.sequenceStates ?? []).flatMap((sequence) => {
      const exhaustion = exhaustionOfSequence(sequence, catalog);
      return exhaustion === null ? [] : [describe(sequence, exhaustion)];
    });
  },
};

function exhaustionOfSequence(sequence: SequenceState, catalog: Catalog): Exhaustion | null {
  if (sequence.cycles || sequence.lastValue === null) return null;
  const limit = Number(sequence.limit);
  const table = sequence.ownedBy === null ? null : tableNamed(catalog, sequence.ownedBy.table);
  const column = table?.columns.find(({ name }) => name === sequence.ownedBy?.column);
  const type = column === undefined ? 'bigint' : typeBeneath(column.baseType, catalog);
  if (type !== 'bigint' && (LARGEST[type] ?? Number.POSITIVE_INFINITY) <= limit) return null;
  return exhaustionOf(
    { last: Number(sequence.lastValue), limit, step: Number(sequence.increment) },
    { table, catalog },
  );
}

function describe(sequence: SequenceState, exhaustion: Exhaustion): Detection {
  const { lastValue, limit, ownedBy } = sequence;
  const owner = ownedBy === null ? '' : `, which fills ${nameOf(ownedBy.table)}.${ownedBy.column},`;
  return schemaFinding({
    severity: exhaustion.severity,
    key: `exhausting-sequence:${quoteRelation(sequence)}`,
    title: `The sequence ${nameOf(sequence)} has used up ${shareText(exhaustion.usedShare)} of its values`,
    message:
      `${nameOf(sequence)}${owner} stands at ${countText(Number(lastValue))} and ends at ${countText(Number(limit))}: behind it nextval() fails.` +
      endText(exhaustion),
    relations: ownedBy === null ? [nameOf(sequence)] : [nameOf(ownedBy.table), nameOf(sequence)],
    evidence: [{ name: 'values that are used up', value: exhaustion.usedShare, unit: 'ratio', source: 'pg_sequences' }],
    detail: `${nameOf(sequence)} was read: ${lastValue} of ${limit}, by ${sequence.increment}`,
    fix: fixOf(sequence),
  });
}

/** An identity column's sequence is altered by its column alone. */
function fixOf(sequence: SequenceState): Fix {
  const isDescending = sequence.increment.startsWith('-');
  const end = isDescending ? 'MINVALUE' : 'MAXVALUE';
  const { ownedBy, type } = sequence;
  const widen = type === 'bigint' ? '' : ' AS bigint';
  if (ownedBy?.identity === true) {
    const alter = `ALTER TABLE ${quoteRelation(ownedBy.table)} ALTER COLUMN ${quoteIdentifier(ownedBy.column)} SET`;
    return stepsFix('migration', [{ sql: `${alter} NO ${end}` }], [`${alter} ${end} ${sequence.limit}`]);
  }
  const alter = `ALTER SEQUENCE ${quoteRelation(sequence)}`;
  return stepsFix(
    'migration',
    [{ sql: `${alter}${widen} NO ${end}` }],
    [`${alter}${widen === '' ? '' : ` AS ${type}`} ${end} ${sequence.limit}`],
  );
}
