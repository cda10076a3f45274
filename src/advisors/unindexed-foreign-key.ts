import type { Catalog, Table } from '../model/catalog.js';
import type { Measurement } from '../model/finding.js';
import { quoteIdentifier, quoteRelation } from '../sql/quote.js';
import { type Advisor, type Detection, type Evidence, runs } from './advisor.js';
import { blocksOf, countText, leavesOf, nameOf } from './index-hygiene/figures.js';
import { foreignKeyFix, indexFor } from './index-hygiene/foreign-key-index.js';
import { type ForeignKey, foreignKeysOf, parentOf, serves } from './index-hygiene/foreign-keys.js';
import { isLeftOver } from './index-hygiene/invalid.js';
import { lookingBy } from './index-hygiene/referring-looks.js';
import { queryOf } from './statements/statement-finding.js';

/** Blocks, 8 kB each, that are read in well under a millisecond. */
const FEW_BLOCKS = 100;
/** Statements of the workload that are shown. */
const QUERIES_SHOWN_MAX = 10;

/** Reports each foreign key whose referring rows are found by reading the whole table. */
export const unindexedForeignKey: Advisor = {
  id: 'unindexed-foreign-key',
  title: 'Foreign key without an index',
  severity: 'warn',
  docs: {
    what: 'The referring columns of a foreign key lead no index, so the rows that refer to a key are found by reading the whole table.',
    why: 'Whenever a referenced row is deleted or its key changes, PostgreSQL looks for rows that refer to it, one such look for each row. Without an index each reads the whole referring table, with the referenced row locked.',
    limits:
      'An index that leaves out rows by anything but NULLs in these columns does not count, nor does BRIN. Whether rows are ever deleted is told by counters, not by the program. The note on small tables is for the day when they have grown.',
    sources: ['https://www.postgresql.org/docs/current/ddl-constraints.html#DDL-CONSTRAINTS-FK'],
  },
  async detect(evidence: Evidence): Promise<readonly Detection[]> {
    return evidence.catalog.tables.flatMap((table) =>
      unservedKeys(table, evidence).map((keys) => describe(table, keys, evidence)),
    );
  },
};

/** Foreign keys that one new index serves; that of the first, which has the most columns. */
type KeyGroup = readonly [ForeignKey, ...ForeignKey[]];

function unservedKeys(table: Table, evidence: Evidence): readonly KeyGroup[] {
  const groups: [ForeignKey, ...ForeignKey[]][] = [];
  const unserved = foreignKeysOf(table).filter((key) => !isServed(table, key, evidence));
  for (const key of [...unserved].sort((one, two) => two.columns.length - one.columns.length)) {
    const group = groups.find(([first]) => serves(indexFor(table, first, evidence.statistics), key.columns));
    if (group === undefined) groups.push([key]);
    else group.push(key);
  }
  return groups;
}

/** By an index that is there, or by one that another rule proposes to build or to rebuild; maybe partition by partition. */
function isServed(table: Table, key: ForeignKey, evidence: Evidence): boolean {
  const { columns } = key;
  const isRebuilt = runs(evidence, 'invalid-index');
  const proposed = runs(evidence, 'missing-index') ? evidence.selection.chosen.map(({ spec }) => spec) : [];
  const leaves = table.kind === 'partitioned table' ? leavesOf(evidence.catalog, table) : [];
  return (
    table.indexes.some((index) => (index.valid || (isRebuilt && !isLeftOver(index))) && serves(index, columns)) ||
    proposed.some((spec) => nameOf(spec.table) === nameOf(table) && serves(spec, columns)) ||
    (leaves.length > 0 && leaves.every((leaf) => isServed(leaf, key, evidence)))
  );
}

function describe(table: Table, keys: KeyGroup, evidence: Evidence): Detection {
  const { catalog, statistics } = evidence;
  const [first] = keys;
  const looking = [...new Set(keys.flatMap((key) => lookingBy(key, evidence)))];
  const blocks = blocksOf(catalog, table);
  return {
    kind: 'finding',
    class: null,
    ...(blocks < FEW_BLOCKS ? { severity: 'info' } : {}),
    key: `unindexed-foreign-key:${quoteRelation(table)}(${first.columns.map(quoteIdentifier).join(',')})`,
    title: `Foreign key without an index on ${nameOf(table)} (${first.columns.join(', ')})`,
    message: [
      ...keys.map((key) => messageOf(table, key, blocks)),
      ...(looking.length === 0 ? [] : [lookingText(looking.length)]),
      ...(blocks < FEW_BLOCKS ? ['That is little as yet.'] : []),
    ].join(' '),
    relations: [...new Set([table, ...keys.map(({ target }) => target.table)].map(nameOf))],
    location: null,
    queries: looking.slice(0, QUERIES_SHOWN_MAX).map((statement) => queryOf(statement)),
    evidence: [
      { name: 'table that is read as a whole', value: blocks, unit: 'buffers', source: 'length of its file' },
      ...keys.flatMap((key) => parentMeasurements(catalog, key)),
    ],
    proof: {
      grade: 'counted',
      method: 'system catalog',
      detail: `none of the ${table.indexes.length} indexes of ${nameOf(table)} is led by ${first.columns.join(', ')}`,
    },
    fix: foreignKeyFix(catalog, indexFor(table, first, statistics)),
  };
}

const CONSEQUENCES = {
  'no action': '',
  restrict: ' (ON DELETE RESTRICT)',
  cascade: ' (ON DELETE CASCADE)',
  'set null': ' (ON DELETE SET NULL)',
  'set default': ' (ON DELETE SET DEFAULT)',
} as const;

function messageOf(table: Table, { constraint, target }: ForeignKey, blocks: number): string {
  const parent = nameOf(target.table);
  const size = blocks === 1 ? 'the one block' : `all ${countText(blocks)} blocks`;
  return (
    `Each row that a DELETE takes from ${parent}, and each whose ${target.columns.join(', ')} an UPDATE changes, ` +
    `makes PostgreSQL read ${size} of ${nameOf(table)} to find the rows that refer to it by ` +
    `${constraint.name}${CONSEQUENCES[target.onDelete]}.`
  );
}

function lookingText(count: number): string {
  return count === 1 ? 'One statement of the workload does so.' : `${count} statements of the workload do so.`;
}

function parentMeasurements(catalog: Catalog, key: ForeignKey): readonly Measurement[] {
  const parent = parentOf(catalog, key);
  if (parent === null) return [];
  return [
    {
      name: `rows deleted from ${nameOf(parent)}`,
      value: parent.counters.rowsDeleted,
      unit: 'rows',
      source: 'pg_stat_all_tables',
    },
  ];
}
