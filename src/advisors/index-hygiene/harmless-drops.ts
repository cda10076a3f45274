import type { Index, Table } from '../../model/catalog.js';
import type { ExistingIndex, IndexSpec, PlanCost, Planner } from '../../model/planner.js';
import type { AnalyzedStatement } from '../advisor.js';
import { countText } from './figures.js';

/** An index that is to go, with its table. */
export interface Drop {
  readonly table: Table;
  readonly index: Index;
}

/** What planning says of each: whether statements cost more without it, and why where they do or are not planned. */
export interface DropVerdict {
  readonly kind: 'harmless' | 'harmful' | 'not planned';
  readonly reason: string;
}

interface DropContext {
  readonly planner: Planner;
  readonly statements: readonly AnalyzedStatement[];
  /** Indexes that are there by then. */
  readonly set?: readonly IndexSpec[];
  /** Indexes that go whatever is planned. */
  readonly gone?: readonly Drop[];
}

/** A longer index that serves as well costs a trifle more to read: below this share of a call it is no rise. */
const RISE_MAX = 0.01;

/**
 * Plans the workload without the indexes that are to go: all together, and where that makes a statement dearer one
 * after the other, each on top of those that are known to do no harm.
 */
export async function judgeDrops(
  drops: readonly Drop[],
  { planner, statements, set = [], gone = [] }: DropContext,
): Promise<ReadonlyMap<Index, DropVerdict>> {
  const texts = textsOf(statements);
  const asked = [...texts.keys()];
  const before = drops.length === 0 ? [] : await planner.costs(asked, set);
  const judge = async (masked: readonly Drop[]): Promise<DropVerdict> => {
    if (asked.length === 0) return HARMLESS;
    const after = await planner.costsWithout(asked, set, masked.map(existing));
    const verdicts = asked.map((text, place) =>
      verdictOf(shortened(texts.get(text) ?? text), { before: before[place], after: after[place] }),
    );
    return (
      verdicts.find(({ kind }) => kind === 'harmful') ?? verdicts.find(({ kind }) => kind !== 'harmless') ?? HARMLESS
    );
  };
  if (drops.length === 0 || (await judge([...gone, ...drops])).kind === 'harmless')
    return new Map(drops.map(({ index }) => [index, HARMLESS]));
  const kept: Drop[] = [];
  const verdicts = new Map<Index, DropVerdict>();
  for (const drop of drops) {
    const verdict = await judge([...gone, ...kept, drop]);
    if (verdict.kind === 'harmless') kept.push(drop);
    verdicts.set(drop.index, verdict);
  }
  return verdicts;
}

const HARMLESS: DropVerdict = { kind: 'harmless', reason: '' };

/** The statement's own text by each text that is planned. */
function textsOf(statements: readonly AnalyzedStatement[]): ReadonlyMap<string, string> {
  return new Map(
    statements.flatMap(({ statement, plannable }) =>
      plannable.bindings.map(({ sql }) => [sql, statement.text] as const),
    ),
  );
}

function existing({ table, index }: Drop): ExistingIndex {
  const { schema, name } = index;
  return { schema, name, table: { schema: table.schema, name: table.name } };
}

interface BeforeAndAfter {
  readonly before: PlanCost | Error | undefined;
  readonly after: PlanCost | Error | undefined;
}

/** What could not be planned with the index says nothing of it. */
function verdictOf(text: string, { before, after }: BeforeAndAfter): DropVerdict {
  if (before === undefined || before instanceof Error) return HARMLESS;
  if (after === undefined || after instanceof Error)
    return { kind: 'not planned', reason: `${after?.message ?? 'no cost is known'}: ${text}` };
  const [from, to] = [wholeCost(before), wholeCost(after)];
  if (to <= from * (1 + RISE_MAX)) return HARMLESS;
  return {
    kind: 'harmful',
    reason: `without it a call would rise from a planner cost of ${countText(from)} to ${countText(to)}: ${text}`,
  };
}

function wholeCost({ totalCost, scatterCost }: PlanCost): number {
  return totalCost + scatterCost;
}

/** Characters of a statement that tell which it is. */
const TEXT_LENGTH_MAX = 80;

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ').trim();
  return line.length > TEXT_LENGTH_MAX ? `${line.slice(0, TEXT_LENGTH_MAX - 1)}…` : line;
}
