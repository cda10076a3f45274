import type { Index } from '../model/catalog.js';
import { quoteRelation } from '../sql/quote.js';
import type { Advisor, Detection, Evidence } from './advisor.js';
import { dropFix } from './index-hygiene/drop-fix.js';
import { staysFor } from './index-hygiene/droppable.js';
import { countText, indexMeasurements, keysOf, nameOf, sizeText } from './index-hygiene/figures.js';
import { type Drop, judgeDrops } from './index-hygiene/harmless-drops.js';
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
      'Keys, order, NULLS, operator class, collation, INCLUDE, predicate and uniqueness are compared. What backs a constraint, a foreign key’s referenced columns, the replica identity or CLUSTER is never proposed. Of partial indexes only those are found whose predicates agree but for bounds on the first key. Unless two are alike, the workload’s statements are planned without the one that is to go, and it stays, with the reason, where one of them would cost more; a shorter index may be the faster one to read as a whole.',
    sources: [
      'https://www.postgresql.org/docs/current/indexes-multicolumn.html',
      'https://www.postgresql.org/docs/current/indexes-ordering.html',
    ],
  },
  async detect({ catalog, statements, planner }: Evidence): Promise<readonly Detection[]> {
    const found = catalog.tables.flatMap((table) => redundantIndexes(table).map((each) => ({ table, ...each })));
    // Either of two alike does all that the other does: nothing has to be planned for that.
    const alike = found.filter(({ mutual }) => mutual);
    const others = found.filter(({ mutual }) => !mutual);
    const verdicts = await judgeDrops(others, { planner, statements, gone: alike });
    const planned = statements.length > 0;
    return found.map((each): Detection => {
      const verdict = verdicts.get(each.index);
      if (verdict?.kind === 'harmful')
        return {
          kind: 'skipped',
          reason: `${nameOf(each.index)} stays beside ${nameOf(each.keeper)}: ${verdict.reason}`,
        };
      return describe(each, planned && verdict?.kind === 'harmless' ? statements.length : null);
    });
  },
};

/** `planned` statements were planned without the index, none of them dearer; null where none was. */
function describe({ table, index, keeper, mutual }: RedundantIndex & Drop, planned: number | null): Detection {
  const unhurt =
    planned === null
      ? ''
      : `; of ${countText(planned)} ${planned === 1 ? 'statement' : 'statements'} planned without it none costs more`;
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
      detail: `the definitions of ${nameOf(index)} and ${nameOf(keeper)} were compared${unhurt}`,
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
