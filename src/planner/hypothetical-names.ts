import { type IndexSpec, indexSpecKey } from '../model/planner.js';
import { indexName } from '../sql/index-definition.js';

/** Names of hypothetical indexes, the same on every backend of a planner and none of an existing index. */
export class HypotheticalNames {
  private readonly taken: Set<string>;
  private readonly nameByKey = new Map<string, string>();
  private readonly keyByName = new Map<string, string>();

  constructor(existing: Iterable<string>) {
    this.taken = new Set(existing);
  }

  nameOf(spec: IndexSpec): string {
    const key = indexSpecKey(spec);
    const known = this.nameByKey.get(key);
    if (known !== undefined) return known;
    const name = indexName(spec, this.taken);
    this.taken.add(name);
    this.nameByKey.set(key, name);
    this.keyByName.set(name, key);
    return name;
  }

  /** Null where the name is none of a hypothetical index. */
  keyOf(name: string): string | null {
    return this.keyByName.get(name) ?? null;
  }
}
