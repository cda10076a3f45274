import type { Evidence } from '../advisors/advisor.js';
import type { WithheldFinding } from '../model/advice.js';
import type { Table } from '../model/catalog.js';
import { plannedOnOf } from '../model/planner.js';
import type { RelationName } from '../model/relation-name.js';
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

/** What was read, with the statements that were planned and what planned them. */
type Judged = Collected & Partial<Pick<Evidence, 'statements' | 'planner'>>;

/** Tables that one sentence names; the rest are counted. */
const TABLES_NAMED_MAX = 10;

/** Gives what rules could not judge, or judged with less than there could be, with what helps. */
export function unjudged(collected: Judged, planner: PlannerKind, rules: readonly string[]): readonly SkippedRule[] {
  if (!runs(rules, RULE)) return [];
  const reasons = planner === 'target' ? [NO_HYPOTHETICAL_INDEX] : [];
  const hidden = namedTables(collected, collected.snapshot.statistics.unreadable);
  if (hidden.length > 0) reasons.push(hiddenStatistics(hidden, collected.role, planner));
  const unknown = namedTables(collected, collected.snapshot.catalog.tables.filter(wasNeverAnalyzed));
  if (unknown.length > 0) reasons.push(neverAnalyzed(unknown));
  if (planner === 'twin') reasons.push(...plannedElsewhere(collected, hidden.length > 0));
  return reasons.map((reason) => ({ ruleId: RULE, reason }));
}

/** Gives the walks of trees among the calls, which look like loops and are none. */
export function walksTold({ walks = [] }: Collected, rules: readonly string[]): readonly WithheldFinding[] {
  return runs(rules, WALK_RULE) ? walks.map((reason) => ({ ruleId: WALK_RULE, key: null, reason })) : [];
}

function runs(rules: readonly string[], id: string): boolean {
  return rules.length === 0 || rules.includes(id);
}

/** Says what stood in for the twin, and what else could where nothing did. */
function plannedElsewhere({ statements = [], planner, snapshot }: Judged, isHidden: boolean): readonly string[] {
  if (planner === undefined) return [];
  const own = planner.describe();
  const said = own.startsWith('twin')
    ? []
    : [`the statements were planned on ${own}: there is no twin of PostgreSQL ${snapshot.catalog.server.major} here`];
  const counts = new Map<string, number>();
  for (const { plannable } of statements) {
    const title = plannedOnOf(planner, [plannable]);
    if (title !== own) counts.set(title, (counts.get(title) ?? 0) + 1);
  }
  for (const [title, count] of counts) {
    const [were, them] = count === 1 ? ['statement was', 'it'] : ['statements were', 'them'];
    said.push(`${count} ${were} planned on ${title}, since ${own} cannot judge ${them}`);
  }
  if ([own, ...counts.keys()].some((title) => title.includes('hypopg'))) said.push(HYPOPG_LIMITS);
  const { obstacles = [] } = planner;
  // Where statistics are hidden, the right to see them is what helps.
  if (obstacles.length > 0 && !isHidden)
    said.push(`what ${own} cannot judge was not planned elsewhere: ${obstacles.join('; ')}`);
  return said;
}

const RULE = 'missing-index';
const WALK_RULE = 'n-plus-one';
const HYPOPG_LIMITS =
  'what HypoPG planned is judged without GIN and GiST indexes, which it does not know, and with sizes that leave deduplication out';
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
      ? 'so the twin planned no statement on them'
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
