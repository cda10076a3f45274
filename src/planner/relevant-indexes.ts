import type { IndexSpec } from '../model/planner.js';
import type { RelationName } from '../model/relation-name.js';

/** Indexes that statements are planned with; each statement is concerned by those on the relations that it reads. */
export class OfferedIndexes {
  private readonly byTable = new Map<string, IndexSpec[]>();
  private readonly byFootprint = new Map<string, readonly IndexSpec[]>();

  constructor(indexes: readonly IndexSpec[]) {
    for (const spec of indexes) {
      const list = this.byTable.get(nameOf(spec.table));
      if (list === undefined) this.byTable.set(nameOf(spec.table), [spec]);
      else list.push(spec);
    }
  }

  /** Gives those on one of the relations, the same list for the same relations. */
  relevantTo(footprint: readonly RelationName[]): readonly IndexSpec[] {
    const names = footprint.map(nameOf);
    const key = names.join();
    const known = this.byFootprint.get(key);
    if (known !== undefined) return known;
    const found = [...new Set(names)].flatMap((name) => this.byTable.get(name) ?? []);
    this.byFootprint.set(key, found);
    return found;
  }
}

/** Tells whether two names are of one relation. */
export function isSame(one: RelationName, two: RelationName): boolean {
  return one.name === two.name && one.schema === two.schema;
}

function nameOf({ schema, name }: RelationName): string {
  return `${schema}.${name}`;
}
