import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createIndexSql } from '../../src/sql/index-definition.js';
import { publishedSets } from '../index-selection/published-sets.js';

/** Indexes that are measured together. */
export interface IndexSet {
  readonly name: string;
  readonly isOurs: boolean;
  /** The budget that it was chosen for, in percent of the tables; null where it was chosen without one. */
  readonly budget: number | null;
  /** What stands after the name in CREATE INDEX: `ON public.lineitem (l_orderkey)`. */
  readonly definitions: readonly string[];
}

/** No index at all: what every set is compared with. */
export const NO_INDEXES: IndexSet = { name: 'no index', isOurs: false, budget: null, definitions: [] };

const BUDGET_OF_NAME = /_b(\d+)$/;

/**
 * Reads the peers' sets: those of given names, `all`, or by default those chosen for one of the budgets and those
 * whose maker knows no budget.
 */
export async function readPeerSets(
  input: string,
  { wanted, budgets }: { readonly wanted: string | undefined; readonly budgets: readonly number[] },
): Promise<readonly IndexSet[]> {
  const sets = (await publishedSets(input)).map(({ name, indexes }) => {
    const budget = BUDGET_OF_NAME.exec(name)?.[1];
    return {
      name,
      isOurs: false,
      budget: budget === undefined ? null : Number(budget),
      definitions: indexes.map((spec) => definitionOf(createIndexSql(spec))),
    };
  });
  const names = wanted?.split(',');
  const unknown = names?.filter((name) => name !== 'all' && !sets.some((set) => set.name === name)) ?? [];
  if (unknown.length > 0) throw new Error(`${join(input, 'sets')} has no set ${unknown.join(', ')}`);
  const chosen = sets.filter(({ name, budget }) => {
    if (names !== undefined) return names.includes('all') || names.includes(name);
    return budget === null || budgets.includes(budget);
  });
  return withoutTwins(chosen);
}

/** Several algorithms came to the same set: it stands once, under the first name. */
function withoutTwins(sets: readonly IndexSet[]): readonly IndexSet[] {
  const known = new Map<string, IndexSet>();
  for (const set of sets) {
    const key = [...set.definitions].sort().join(';');
    if (!known.has(key)) known.set(key, set);
  }
  return [...known.values()];
}

/** Reads sets of our own from files that end in `_b25.sql` and the like. */
export async function readOwnSets(folder: string, budgets: readonly number[]): Promise<readonly IndexSet[]> {
  const sets: IndexSet[] = [];
  const files = (await readdir(folder)).filter((file) => file.endsWith('.sql'));
  for (const budget of budgets) {
    const file = files.find((name) => BUDGET_OF_NAME.exec(name.replace(/\.sql$/, ''))?.[1] === String(budget));
    if (file === undefined) throw new Error(`${folder} has no file whose name ends in _b${budget}.sql`);
    sets.push(ownSet(budget, splitStatements(await readFile(join(folder, file), 'utf8'))));
  }
  return sets;
}

/** Makes a set of our own from CREATE INDEX statements. */
export function ownSet(budget: number, statements: readonly string[]): IndexSet {
  return { name: `ours_b${budget}`, isOurs: true, budget, definitions: statements.map(definitionOf) };
}

function splitStatements(text: string): readonly string[] {
  return text
    .split(';')
    .map((statement) => statement.trim())
    .filter((statement) => statement !== '');
}

function definitionOf(statement: string): string {
  const definition = /^create\s+(?:unique\s+)?index\s+.*?\b(on\s.*)$/is.exec(statement)?.[1];
  if (definition === undefined) throw new Error(`this is no CREATE INDEX: ${statement}`);
  return definition;
}
