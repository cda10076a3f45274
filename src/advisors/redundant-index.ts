import type { Index, Table } from '../model/catalog.js';
import { quoteRelation } from '../sql/quote.js';
import type { Advisor, Detection, Evidence } from './advisor.js';
import { dropFix } from './index-hygiene/drop-fix.js';
import { staysFor } from './index-hygiene/droppable.js';
import { countText, indexMeasurements, keysOf, nameOf, sizeText } from './index-hygiene/figures.js';
import { type RedundantIndex, redundantIndexes } from './index-hygiene/redundant.js';

/** Where an index is read, a keeper this many times as large is worth a person's thought: each of its pages holds less. */
const LARGE_KEEPER_RATIO = 5;

/** Reports each index whose work another index of the same table does. */
export const redundantIndex: Advisor = {
  id: 'redundant-index',
  title: 'Redundant index',
  severity: 'warn',
  docs: {
    what: 'An index does nothing that another index of its table does not do as well: the two are alike, one is the other read backwards, or the keys of one are the first keys of the other.',
    why: 'Every insert and every update without HOT writes both, vacuum cleans both, and both compete for memory; statements gain nothing by the second.',
    limits:
      'Keys, order, NULLS, operator class, collation, INCLUDE, predicate and uniqueness are compared. What backs a constraint, a foreign key’s referenced columns, the replica identity or CLUSTER is never proposed. Of partial indexes only those are found whose predicates agree but for bounds on the first key. A shorter index may still be the faster one to read as a whole.',
    sources: [
      'https://www.postgresql.org/docs/current/indexes-multicolumn.html',
      'https://www.postgresql.org/docs/current/indexes-ordering.html',
    ],
  },
  async detect({ catalog }: Evidence): Promise<readonly Detection[]> {
    return catalog.tables.flatMap((table) => redundantIndexes(table).map((found) => describe(table, found)));
  },
};

function describe(table: Table, { index, keeper, mutual }: RedundantIndex): Detection {
  const isLarge = index.scans > 0 && keeper.storage.blocks > index.storage.blocks * LARGE_KEEPER_RATIO;
  return {
    kind: 'finding',
    class: null,
    ...(isLarge ? { severity: 'info' } : {}),
    key: `redundant-index:${quoteRelation(index)}`,
    title: `Redundant index ${nameOf(index)} on ${nameOf(table)}`,
    message: messageOf({ index, keeper, mutual }, isLarge),
    relations: [nameOf(table)],
    location: null,
    queries: [],
    evidence: [
      ...indexMeasurements(table, index),
      {
        name: 'scans of the index that stays',
        value: keeper.scans,
        unit: 'calls',
        source: 'pg_stat_all_indexes',
      },
    ],
    proof: {
      grade: 'counted',
      method: 'system catalog',
      detail: `the definitions of ${nameOf(index)} and ${nameOf(keeper)} were compared`,
    },
    fix: dropFix(table, index),
  };
}

function messageOf({ index, keeper, mutual }: RedundantIndex, isLarge: boolean): string {
  const likeness = mutual
    ? 'that one holds the same entries, in the same order or in just the opposite one'
    : keeper.keys.length > index.keys.length
      ? 'the keys of that one begin with the same'
      : 'that one has the same keys and more to give';
  return (
    `${nameOf(index)} ${keysOf(index)} takes ${sizeText(index)} and gives nothing that ${nameOf(keeper)} ${keysOf(keeper)} ` +
    `does not: ${likeness}. Counted so far: ${scansText(index)} of ${nameOf(index)}, ${countText(keeper.scans)} of ` +
    `${nameOf(keeper)}, which is the one to keep: ${reasonToKeep({ index, keeper, mutual })}.` +
    (isLarge ? ` It takes ${sizeText(keeper)}, so reading much of it costs more.` : '')
  );
}

function scansText({ scans }: Index): string {
  return `${countText(scans)} ${scans === 1 ? 'scan' : 'scans'}`;
}

function reasonToKeep({ index, keeper, mutual }: RedundantIndex): string {
  const duty = staysFor(keeper) ?? (keeper.unique && !index.unique ? 'it keeps its keys unique' : null);
  if (duty !== null) return duty;
  if (!mutual) return 'it serves more statements than this one can';
  return keeper.scans > index.scans ? 'it is scanned more often' : 'it is the older one, and either would do';
}
