import { type IndexSpec, indexSpecKey } from '../../model/planner.js';
import type { HypotheticalNames } from '../hypothetical-names.js';
import type { Candidate, Candidates } from './candidates.js';
import type { Families } from './families.js';

/**
 * Hypothetical indexes of tables that may be partitioned: such an index is made on each partition that holds rows,
 * as CREATE INDEX on the whole would, since the planner scans nothing else.
 */
export class FamilyCandidates {
  private readonly candidates: Candidates;
  private readonly families: Families;
  private readonly names: HypotheticalNames;
  private readonly parts = new Map<string, readonly IndexSpec[]>();
  /** Keys of the indexes that a partition's index is a part of, by its own key. */
  private readonly wholes = new Map<string, string[]>();

  constructor(candidates: Candidates, families: Families, names: HypotheticalNames) {
    this.candidates = candidates;
    this.families = families;
    this.names = names;
  }

  /** Gives the parts of each index in order, making those that are new; an Error where one cannot be made. */
  async ensure(specs: readonly IndexSpec[]): Promise<readonly (readonly Candidate[] | Error)[]> {
    const parts = specs.map((spec) => this.partsOf(spec));
    const made = await this.candidates.ensure(parts.flat());
    let from = 0;
    return parts.map(({ length }) => {
      const own = made.slice(from, from + length);
      from += length;
      const usable = own.filter((part): part is Candidate => !(part instanceof Error));
      return own.find((part) => part instanceof Error) ?? usable;
    });
  }

  /** Gives the key of the index that plans show under this name, that of the wanted one where it is a part of several. */
  keyOf(name: string, wanted: readonly IndexSpec[]): string | null {
    const own = this.names.keyOf(name);
    const wholes = own === null ? undefined : this.wholes.get(own);
    if (own === null || wholes === undefined) return own;
    const keys = wanted.map(indexSpecKey);
    return keys.includes(own) ? own : (wholes.find((key) => keys.includes(key)) ?? own);
  }

  private partsOf(spec: IndexSpec): readonly IndexSpec[] {
    const key = indexSpecKey(spec);
    const known = this.parts.get(key);
    if (known !== undefined) return known;
    const leaves = this.families.leaves(spec.table);
    const parts =
      leaves.length === 1 && leaves[0] === spec.table ? [spec] : leaves.map((table) => ({ ...spec, table }));
    this.parts.set(key, parts);
    for (const part of parts) {
      if (part === spec) continue;
      const partKey = indexSpecKey(part);
      this.wholes.set(partKey, [...(this.wholes.get(partKey) ?? []), key]);
    }
    return parts;
  }
}
