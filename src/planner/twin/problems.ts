import type { RelationName } from '../../model/relation-name.js';

/** What the twin could not take over, by the relation whose plans it makes wrong. */
export class Problems {
  private readonly reasons = new Map<string, string>();
  /** Reasons why something is not there, by its bare name. */
  private readonly missing = new Map<string, string>();
  private readonly columns = new Map<string, { readonly column: string; readonly reason: string }[]>();

  /** Notes why plans that read this relation are not to be trusted; the first reason is kept. */
  add(relation: RelationName, reason: string): void {
    const key = nameKey(relation);
    if (!this.reasons.has(key)) this.reasons.set(key, this.explained(reason));
  }

  /** Notes why plans that read this relation and compare this column are not to be trusted. */
  addColumn(relation: RelationName, column: string, reason: string): void {
    const key = nameKey(relation);
    this.columns.set(key, [...(this.columns.get(key) ?? []), { column, reason }]);
  }

  /** Notes why an object is not there: `function public.f`, `extension vector`. */
  addMissing(object: string, reason: string): void {
    const name = object.split(/[ .]/).at(-1) ?? object;
    if (!this.missing.has(name)) this.missing.set(name, reason);
  }

  /** Gives why plans that read this relation are not to be trusted, or null. */
  reasonOf(relation: RelationName): string | null {
    return this.reasons.get(nameKey(relation)) ?? null;
  }

  /** Gives why a plan that reads this relation under these conditions is not to be trusted, or null. */
  reasonOfPlan(relation: RelationName, conditions: string): string | null {
    const named = this.columns.get(nameKey(relation))?.find(({ column }) => namesWord(conditions, column));
    return this.reasonOf(relation) ?? named?.reason ?? null;
  }

  /** Gives the reason of the relation, function or type of this name in whatever schema, or null. */
  reasonOfName(name: string): string | null {
    for (const [key, reason] of this.reasons) if (key.endsWith(`.${name}`)) return reason;
    return this.missing.get(name) ?? null;
  }

  /** Adds to a reason that names a missing thing why that one is missing. */
  private explained(reason: string): string {
    const named = /(?:type|function|collation|schema) "?([^"(]+)"?(?:\(.*\))? does not exist/.exec(reason)?.[1];
    const cause = named === undefined ? undefined : this.missing.get(named.split('.').at(-1) ?? named);
    if (cause !== undefined) return `${reason} (${cause})`;
    const extensions = [...this.missing.values()].filter((known) => known.startsWith('the extension '));
    return named === undefined || extensions.length === 0 ? reason : `${reason} (${extensions.join('; ')})`;
  }
}

/** Gives a relation's name as one text, for keys and messages. */
export function nameKey({ schema, name }: RelationName): string {
  return `${schema}.${name}`;
}

function namesWord(text: string, word: string): boolean {
  const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`(^|[^\\p{L}\\p{N}_$])${escaped}($|[^\\p{L}\\p{N}_$])`, 'iu').test(text);
}
