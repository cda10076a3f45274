import type { Catalog, IndexKey, Table } from '../model/catalog.js';
import type { PlanNode } from '../model/plan.js';
import type { IndexSpec } from '../model/planner.js';
import type { RelationName } from '../model/relation-name.js';
import type { Snapshot } from '../model/snapshot.js';
import type { ColumnStatistics } from '../model/statistics.js';
import { type Conjunct, conjunctsOf } from '../sql/conjuncts.js';
import { extraCostOf } from './extra-cost.js';
import { type BlockPrices, missingBlockCost, type ValueScan } from './missing-block-cost.js';
import { ValueSkew } from './value-skew.js';

/** What the names in a plan mean. */
export interface PlanNames {
  /** Relations that the statement reads. */
  readonly relations: readonly RelationName[];
  hypothetical(index: string): IndexSpec | null;
}

/** The planner reckons with the square: below this it is misled by less than a quarter of what blocks cost. */
const CORRELATION_MIN = 0.5;

/**
 * Gives what plans cost beyond their planner's estimate because of columns of which one value has most rows: the
 * planner's measure of order (`pg_stats.correlation`) is near 1 for them wherever the rows of the other values lie, and
 * an index scan for one of those then seems to find its rows side by side. Of NULLs that measure says nothing at all.
 */
export class ScatterCosts {
  private readonly tables: ReadonlyMap<string, Table>;
  private readonly statistics: ReadonlyMap<string, ColumnStatistics>;
  private readonly skews = new Map<string, ValueSkew | null>();
  private readonly prices: BlockPrices;

  constructor({ catalog, statistics }: Snapshot) {
    this.tables = new Map(catalog.tables.map((table) => [keyOf(table), table]));
    const own = statistics.columns.filter(({ inherited }) => !inherited);
    this.statistics = new Map(own.map((row) => [keyOf({ schema: row.schema, name: row.table }, row.column), row]));
    this.prices = {
      sequential: settingOf(catalog, 'seq_page_cost', 1),
      random: settingOf(catalog, 'random_page_cost', 4),
    };
  }

  /** Planner units of one execution. */
  of(plan: PlanNode, names: PlanNames): number {
    return extraCostOf(plan, (node) => this.ofScan(node, names));
  }

  private ofScan(node: PlanNode, names: PlanNames): number {
    if (node.nodeType !== 'Index Scan' || node.details['Parallel Aware'] === true) return 0;
    const table = this.tableOf(node, names);
    const keys = table === null ? [] : wholeIndexKeys(node.index ?? '', table, names);
    const [first] = keys;
    const lead = table === null ? null : this.skewOf(table, first);
    if (table === null || lead === null || Math.abs(lead.correlation) < CORRELATION_MIN) return 0;
    const isSkewed = lead.tieCorrelation >= CORRELATION_MIN;
    // Most plans end here, before a condition is parsed.
    if (!isSkewed && lead.nullShare === 0) return 0;
    const conditions = conjunctsOf(node.indexCondition);
    const fixed = fixedKeys(keys, conditions);
    const isNull = fixed[0]?.condition.kind === 'null';
    if (fixed.length === 0 || (!isNull && !isSkewed)) return 0;
    const share = fixed.reduce(
      (product, key) => product * (this.skewOf(table, key.key)?.shareMeeting(key.condition) ?? 1),
      1,
    );
    const { pages, blocks, tuples } = table.storage;
    const tableRows = Math.max(tuples, 0) * (pages > 0 ? blocks / pages : 1);
    const isAllFixed = conditions.length === fixed.length;
    const scan: ValueScan = {
      // What a filter takes away has been read before.
      rows: Math.max(node.rowsEstimate, node.filter !== null && isAllFixed ? share * tableRows : 0),
      tableRows,
      tableBlocks: blocks,
      share,
      plannedOrder: lead.correlation * (keys.length > 1 ? LEADING_KEY_WEIGHT : 1),
      valueOrder: isNull ? 0 : lead.order,
      // Entries with equal keys stand in the order of the table.
      scanOrder: fixed.length === keys.length ? 1 : (this.skewOf(table, keys[fixed.length])?.order ?? 0),
    };
    return missingBlockCost(scan, this.prices);
  }

  private tableOf({ relation, schema }: PlanNode, { relations }: PlanNames): Table | null {
    const found = relations.filter(({ name, schema: other }) => name === relation && other === (schema ?? other));
    const [only] = found;
    return only === undefined || found.length > 1 ? null : (this.tables.get(keyOf(only)) ?? null);
  }

  private skewOf(table: Table, key: IndexKey | undefined): ValueSkew | null {
    if (key?.column == null) return null;
    const place = keyOf(table, key.column);
    const known = this.skews.get(place);
    if (known !== undefined) return known;
    const row = this.statistics.get(place);
    const skew = row === undefined ? null : new ValueSkew(row, Math.max(table.storage.tuples, 0));
    this.skews.set(place, skew);
    return skew;
  }
}

/** What btcostestimate leaves of the first key's correlation where there are further keys. */
const LEADING_KEY_WEIGHT = 0.75;

function keyOf({ schema, name }: RelationName, column = ''): string {
  return JSON.stringify([schema, name, column]);
}

function settingOf({ settings }: Catalog, name: string, otherwise: number): number {
  const value = settings.find((setting) => setting.name === name)?.value;
  return value === undefined ? otherwise : Number(value);
}

/** Keys of a btree that holds every row of its table; empty for another index. */
function wholeIndexKeys(name: string, table: Table, names: PlanNames): readonly IndexKey[] {
  const index = names.hypothetical(name) ?? table.indexes.find((each) => each.name === name);
  return index === undefined || index.method !== 'btree' || index.predicate !== null ? [] : index.keys;
}

/** A key of which an index condition leaves some values. */
interface FixedKey {
  readonly key: IndexKey;
  readonly condition: Conjunct;
}

/** The first keys of an index that a condition fixes, up to one that it does not. */
function fixedKeys(keys: readonly IndexKey[], conditions: readonly Conjunct[]): readonly FixedKey[] {
  const fixed: FixedKey[] = [];
  for (const key of keys) {
    const condition = conditions.find(
      ({ column, kind, values }) => column !== null && column === key.column && (kind === 'null' || values !== null),
    );
    if (condition === undefined) break;
    fixed.push({ key, condition });
  }
  return fixed;
}
