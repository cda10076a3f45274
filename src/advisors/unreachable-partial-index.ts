import type { Table } from '../model/catalog.js';
import type { Alternative } from '../model/finding.js';
import { quoteLiteral, quoteRelation } from '../sql/quote.js';
import { type Advisor, type Detection, type Evidence, runs } from './advisor.js';
import { createAgainSql, dropFix } from './index-hygiene/drop-fix.js';
import { staysFor } from './index-hygiene/droppable.js';
import { countText, indexMeasurements, nameOf } from './index-hygiene/figures.js';
import { redundantIndexes } from './index-hygiene/redundant.js';
import { nearMiss, type UnreachableIndex, unreachableIndexes } from './index-hygiene/unreachable.js';

/** Reports each partial index whose predicate no row meets. */
export const unreachablePartialIndex: Advisor = {
  id: 'unreachable-partial-index',
  title: 'Partial index that no row enters',
  severity: 'warn',
  docs: {
    what: 'A partial index asks for a value that its column never holds, such as ‘online’ where the rows say ‘Online’: a constraint forbids the value, or the index is empty and the statistics list all values of the column without it.',
    why: 'The statements for which it was made read the whole table all the same, and nothing says so; a unique one of this kind enforces nothing.',
    limits:
      'Equality with constants is looked at, and IS NULL. A value that a CHECK names is taken for one that may come, even if no row has it yet. Statistics are a sample: without a constraint the finding is suspected, not counted.',
    sources: ['https://www.postgresql.org/docs/current/indexes-partial.html'],
  },
  async detect(evidence: Evidence): Promise<readonly Detection[]> {
    return evidence.catalog.tables.flatMap((table) => {
      const redundant = runs(evidence, 'redundant-index') ? redundantIndexes(table).map(({ index }) => index) : [];
      return unreachableIndexes(table, evidence.statistics)
        .filter(({ index }) => index.partitionOf == null && !redundant.includes(index))
        .map((found) => describe(table, found));
    });
  },
};

function describe(table: Table, found: UnreachableIndex): Detection {
  const { index, because } = found;
  const near = nearOf(found);
  const isForbidden = because.kind !== 'statistics';
  const mayGo = staysFor(index) === null && !index.unique;
  return {
    kind: 'finding',
    class: null,
    // A value that nothing in the column resembles may be one that is still to come.
    ...(isForbidden || near !== null ? {} : { severity: 'info' }),
    key: `unreachable-partial-index:${quoteRelation(index)}`,
    title: `Partial index ${nameOf(index)} on ${nameOf(table)} that no row enters`,
    message: messageOf(table, found),
    relations: [nameOf(table)],
    location: null,
    queries: [],
    evidence: [
      { name: 'rows in the table', value: Math.max(table.storage.tuples, 0), unit: 'rows', source: 'pg_class' },
      { name: 'rows in the index', value: Math.max(index.storage.tuples, 0), unit: 'rows', source: 'pg_class' },
      ...indexMeasurements(table, index),
    ],
    proof: isForbidden
      ? {
          grade: 'counted',
          method: 'system catalog',
          detail: 'the table’s constraints were compared with the predicate',
        }
      : {
          grade: 'suspected',
          method: 'statistics of ANALYZE',
          detail: `all ${because.known.length} values that the sample has of ${found.column} were compared with the predicate`,
        },
    fix: mayGo ? dropFix(table, index) : null,
    alternatives: near === null ? [] : [corrected(table, found, near)],
  };
}

function nearOf({ wanted, because }: UnreachableIndex) {
  if (wanted === null || because.kind === 'not null') return null;
  return nearMiss(wanted, because.kind === 'check' ? because.allowed : because.known);
}

function messageOf(table: Table, found: UnreachableIndex): string {
  const { index, column, wanted, because } = found;
  const name = nameOf(index);
  const near = nearOf(found);
  const unlike = near === null ? '' : ` The column has ${quoteLiteral(near.known)}, which is not the same.`;
  const unique = index.unique ? ' It is unique, and enforces nothing so far.' : '';
  if (because.kind === 'not null')
    return `${name} holds rows whose ${column} is null alone, and ${column} of ${nameOf(table)} is NOT NULL: no row can enter it.${unique}`;
  const values = (wanted ?? []).map(quoteLiteral).join(', ');
  if (because.kind === 'check')
    return `${name} holds rows whose ${column} is ${values} alone, which ${because.constraint} of ${nameOf(table)} forbids: no row can enter it.${unlike}${unique}`;
  return (
    `${name} holds rows whose ${column} is ${values} alone. It is empty, and none of the ${countText(table.storage.tuples)} rows of ` +
    `${nameOf(table)} seems to have that value by what ANALYZE sampled.${unlike}${unique}`
  );
}

/** The same index for the value that the column has. */
function corrected(
  table: Table,
  { index }: UnreachableIndex,
  near: { readonly wanted: string; readonly known: string },
): Alternative {
  const predicate = (index.predicate ?? '').replaceAll(quoteLiteral(near.wanted), () => quoteLiteral(near.known));
  return {
    title: `The same index for ${quoteLiteral(near.known)}`,
    sql: createAgainSql(table, index, predicate),
    costAfter: null,
    reason:
      'whether statements ask for this value is for the one who wrote them to say; it takes the dropped one’s name',
  };
}
