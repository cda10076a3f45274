import type { RelationName } from '../../model/catalog.js';

/** What the twin could not take over, by the relation whose plans it makes wrong. */
export class Problems {
  private readonly reasons = new Map<string, string>();

  /** Notes why plans that read this relation are not to be trusted; the first reason is kept. */
  add(relation: RelationName, reason: string): void {
    const key = nameKey(relation);
    if (!this.reasons.has(key)) this.reasons.set(key, reason);
  }

  /** Gives why plans that read this relation are not to be trusted, or null. */
  reasonOf(relation: RelationName): string | null {
    return this.reasons.get(nameKey(relation)) ?? null;
  }

  /** Gives the reason of the relation of this name in whatever schema, or null. */
  reasonOfName(name: string): string | null {
    for (const [key, reason] of this.reasons) if (key.endsWith(`.${name}`)) return reason;
    return null;
  }
}

/** Gives a relation's name as one text, for keys and messages. */
export function nameKey({ schema, name }: RelationName): string {
  return `${schema}.${name}`;
}
