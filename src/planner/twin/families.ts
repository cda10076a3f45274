import type { Catalog, Table } from '../../model/catalog.js';
import type { RelationName } from '../../model/relation-name.js';
import { nameKey, type Problems } from './problems.js';

/** Which tables are partitions or inheritance children of which. */
export class Families {
  private readonly tables: ReadonlyMap<string, Table>;
  private readonly children = new Map<string, RelationName[]>();
  private readonly parents = new Map<string, RelationName[]>();

  constructor(catalog: Catalog) {
    this.tables = new Map(catalog.tables.map((table) => [nameKey(table), table]));
    for (const table of catalog.tables) for (const parent of parentsOf(table)) this.link(table, parent);
    for (const object of catalog.unsupported) if (object.childOf != null) this.link(object, object.childOf);
  }

  /** Gives the tables above this one, nearest first: plans of statements that name them show this one instead. */
  ancestors(relation: RelationName): readonly RelationName[] {
    return this.reachable(relation, this.parents);
  }

  /** Gives the tables that hold a partitioned table's rows; the table itself where it is none. */
  leaves(relation: RelationName): readonly RelationName[] {
    if (this.tables.get(nameKey(relation))?.kind !== 'partitioned table') return [relation];
    return this.reachable(relation, this.children).filter(
      (member) => this.tables.get(nameKey(member))?.kind !== 'partitioned table',
    );
  }

  /**
   * Spreads what is wrong with one member to all: where a partition is missing or its statistics are, a plan of the
   * whole is wrong too, and shows only the other partitions.
   */
  spread(problems: Problems): void {
    const members = new Map([...this.children.values(), ...this.parents.values()].flat().map((m) => [nameKey(m), m]));
    const spoiled = [...members.values()].flatMap((member) => {
      const reason = problems.reasonOf(member);
      return reason === null ? [] : [{ member, reason }];
    });
    const reached = new Set<string>();
    for (const { member, reason } of spoiled) {
      for (const relative of this.familyOf(member, reached)) problems.add(relative, reason);
    }
  }

  private link(child: RelationName, parent: RelationName): void {
    append(this.children, parent, { schema: child.schema, name: child.name });
    append(this.parents, child, parent);
  }

  private familyOf(member: RelationName, reached: Set<string>): readonly RelationName[] {
    const family: RelationName[] = [];
    const waiting = [member];
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (reached.has(nameKey(next))) continue;
      reached.add(nameKey(next));
      family.push(next);
      waiting.push(...(this.children.get(nameKey(next)) ?? []), ...(this.parents.get(nameKey(next)) ?? []));
    }
    return family;
  }

  private reachable(from: RelationName, links: ReadonlyMap<string, readonly RelationName[]>): readonly RelationName[] {
    const found = new Map<string, RelationName>();
    const waiting = [...(links.get(nameKey(from)) ?? [])];
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      if (found.has(nameKey(next))) continue;
      found.set(nameKey(next), next);
      waiting.push(...(links.get(nameKey(next)) ?? []));
    }
    return [...found.values()];
  }
}

function parentsOf(table: Table): readonly RelationName[] {
  return table.partitionOf == null ? (table.inherits ?? []) : [table.partitionOf.table];
}

function append(links: Map<string, RelationName[]>, from: RelationName, to: RelationName): void {
  const known = links.get(nameKey(from)) ?? [];
  known.push(to);
  links.set(nameKey(from), known);
}
