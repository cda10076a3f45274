import type { RelationName, Table } from '../model/catalog.js';
import { type NamedRelation, statementRelations } from '../sql/classify.js';
import { parseStatement } from '../sql/parse.js';
import { asParseFailure } from '../sql/parse-failure.js';
import { quoteIdentifier, quoteRelation } from '../sql/quote.js';
import type { Collected } from './collect.js';
import type { PlannerKind } from './open-planner.js';

interface SkippedRule {
  readonly ruleId: string;
  readonly reason: string;
}

/** Tables that one sentence names; the rest are counted. */
const TABLES_NAMED_MAX = 10;

/** Gives what index selection could not judge or judged with less than there could be, with what helps. */
export function unjudged(collected: Collected, planner: PlannerKind, rules: readonly string[]): readonly SkippedRule[] {
  if (rules.length > 0 && !rules.includes(RULE)) return [];
  const reasons = planner === 'target' ? [NO_HYPOTHETICAL_INDEX] : [];
  const hidden = namedTables(collected, collected.snapshot.statistics.unreadable);
  if (hidden.length > 0) reasons.push(hiddenStatistics(hidden, collected.role, planner));
  const unknown = namedTables(collected, collected.snapshot.catalog.tables.filter(wasNeverAnalyzed));
  if (unknown.length > 0) reasons.push(neverAnalyzed(unknown));
  return reasons.map((reason) => ({ ruleId: RULE, reason }));
}

const RULE = 'missing-index';
const NO_HYPOTHETICAL_INDEX =
  'the statements were planned on the database as it is, where no index can be tried: run with --planner twin, or with --planner hypopg where that extension is installed';

/** A partitioned table has no pages of its own; automatic ANALYZE passes it by. */
function wasNeverAnalyzed({ kind, storage }: Table): boolean {
  return storage.tuples < 0 && (storage.blocks > 0 || kind === 'partitioned table');
}

function neverAnalyzed(tables: readonly RelationName[]): string {
  const { named, more } = listed(tables);
  return `no ANALYZE has ever looked at ${named}${more}, so that statements there were planned with the planner's defaults: ANALYZE ${named}`;
}

function listed(tables: readonly RelationName[]): { readonly named: string; readonly more: string } {
  const named = tables.slice(0, TABLES_NAMED_MAX).map(quoteRelation).join(', ');
  const more = tables.length > TABLES_NAMED_MAX ? ` and ${tables.length - TABLES_NAMED_MAX} more tables` : '';
  return { named, more };
}

function hiddenStatistics(tables: readonly RelationName[], role: string, planner: PlannerKind): string {
  const { named, more } = listed(tables);
  const to = quoteIdentifier(role);
  const consequence =
    planner === 'twin'
      ? 'so no statement on them was planned'
      : 'so parameters compared with their columns were planned without values';
  return (
    `the role ${to} may not read the statistics of ${named}${more}, ${consequence}: GRANT SELECT ON ${named} TO ${to} ` +
    `(GRANT pg_read_all_data TO ${to} for all tables and for extended statistics; ALTER ROLE ${to} BYPASSRLS where ` +
    'row-level security hides them)'
  );
}

/** Those of the tables that the workload names. */
function namedTables({ workload }: Collected, tables: readonly RelationName[]): readonly RelationName[] {
  if (tables.length === 0) return [];
  const named = workload.statements.flatMap(({ text }) => relationsOf(text));
  return tables.filter((table) => named.some((relation) => mayBe(relation, table)));
}

function relationsOf(text: string): readonly NamedRelation[] {
  try {
    const { reads, writes } = statementRelations(parseStatement(text).tree);
    return [...reads, ...writes];
  } catch (error) {
    // It is reported as a statement that was left out.
    if (asParseFailure(error) === null) throw error;
    return [];
  }
}

function mayBe(relation: NamedRelation, table: RelationName): boolean {
  return relation.name === table.name && (relation.schema === null || relation.schema === table.schema);
}
