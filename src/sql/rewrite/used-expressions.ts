import type { Node, SelectStmt } from '@pgsql/types';
import { canonical } from '../canonical.js';
import { bodyOf } from '../walk.js';
import { type LevelRelation, qualified } from './level-names.js';
import { columnName, referenceOf } from './nodes.js';

/** Gives a text that is the same for expressions that say the same of a level's columns; null where a name is not known. */
export function spelledAlike(node: Node, relations: readonly LevelRelation[]): string | null {
  const copy = qualified(node, relations, []);
  return copy === null ? null : canonical(copy);
}

/** Where an expression that rows are grouped by is named. */
export interface GroupUse {
  readonly node: Node;
  /** Its place among what they are grouped by. */
  readonly group: number;
}

/**
 * Gives where clauses of a grouped query name what its rows are grouped by, outside of aggregates; null where they name
 * something else, which hangs upon a group by a key alone.
 */
export function usesBesides(
  clauses: unknown,
  {
    calls,
    groups,
    select,
    relations,
  }: {
    readonly calls: readonly Node[];
    readonly groups: readonly Node[];
    readonly select: SelectStmt;
    readonly relations: readonly LevelRelation[];
  },
): readonly GroupUse[] | null {
  const known = groups.map((node) => spelledAlike(node, relations));
  const outputs = (select.targetList ?? []).flatMap((target) => bodyOf(target, 'ResTarget')?.name ?? []);
  const uses: GroupUse[] = [];
  let isKnown = true;
  const read = (value: unknown): void => {
    if (Array.isArray(value)) for (const item of value) read(item);
    if (typeof value !== 'object' || value === null || Array.isArray(value) || calls.includes(value as Node)) return;
    const node = value as Node;
    // There the name of an output goes before that of a column.
    const sorted = bodyOf(node, 'SortBy')?.node;
    if (sorted !== undefined && isOutput(sorted, outputs)) return;
    const group = isExpression(node) ? known.indexOf(spelledAlike(node, relations)) : -1;
    if (group >= 0 && known[group] !== null) uses.push({ node, group });
    else if ('ColumnRef' in value) isKnown = false;
    else for (const child of Object.values(value)) read(child);
  };
  read(clauses);
  return isKnown ? uses : null;
}

/** What may stand in GROUP BY; a constant there is a place. */
function isExpression(node: Node): boolean {
  const [kind = ''] = Object.keys(node);
  return /^[A-Z]/.test(kind) && !['ResTarget', 'SortBy', 'A_Const', 'String', 'List'].includes(kind);
}

function isOutput(node: Node, outputs: readonly string[]): boolean {
  const reference = bodyOf(node, 'ColumnRef');
  const isBare = reference !== null && referenceOf(reference)?.qualifier === null;
  return isBare && outputs.includes(columnName(node) ?? '');
}
