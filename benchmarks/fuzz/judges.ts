import type { EmbeddedServer } from '../../src/embedded/server.js';
import type { Catalog } from '../../src/model/catalog.js';
import type { Equivalence, EquivalenceVerdict } from '../../src/model/equivalence.js';
import { createEmptySchema } from '../../src/planner/twin/empty-schema.js';
import { openEquivalence } from '../../src/proof/equivalence.js';

/**
 * What two sets of databases say of a rewrite: `equal` on both, `refuted` on the first, `not compared` on the first, `not valid`
 * where the server does not prepare the statement itself, or
 * `wrong`: the verifier in full lets it pass and the second set shows a difference.
 */
export interface Judgement {
  readonly kind: 'equal' | 'refuted' | 'not valid' | 'not compared' | 'refuted in full' | 'wrong';
  readonly text: string;
}

/** Databases of the program's own verifier. */
const FULL = 600;

/** Compares rewrites as the program does, and those that pass once more on other databases. */
export class Judges {
  private readonly first: Equivalence;
  private readonly second: Equivalence;
  private readonly full: Equivalence;

  constructor(parts: {
    readonly catalog: Catalog;
    readonly server: EmbeddedServer;
    readonly databases: number;
    /** Databases of the second set. */
    readonly again: number;
    readonly seed: number;
  }) {
    const { catalog, databases, again, seed } = parts;
    const open = (count: number, own: number) =>
      openEquivalence({
        ...{ catalog, define: createEmptySchema, databases: count, seed: own },
        server: () => Promise.resolve(parts.server),
      });
    this.first = open(databases, 1);
    this.second = open(again, 1_000_000 + seed);
    this.full = open(FULL, 1);
  }

  async judge(original: string, rewrites: readonly string[]): Promise<readonly Judgement[]> {
    const verdicts = await this.first.compare(original, rewrites);
    const told = (place: number, verdict: EquivalenceVerdict) =>
      `${original}\n  as\n${rewrites[place]}\n  ${JSON.stringify(verdict)}`;
    const judgements: Judgement[] = [];
    const passed: string[] = [];
    for (const [place, verdict] of verdicts.entries()) {
      if (verdict.kind === 'differs') judgements.push({ kind: 'refuted', text: told(place, verdict) });
      else if (verdict.kind === 'not compared') {
        const kind = verdict.reason.startsWith('the original cannot be prepared') ? 'not valid' : 'not compared';
        judgements.push({ kind, text: told(place, verdict) });
      } else passed.push(rewrites[place] ?? '');
    }
    const again = passed.length === 0 ? [] : await this.second.compare(original, passed);
    for (const [place, verdict] of again.entries()) {
      const text = passed[place] ?? '';
      if (verdict.kind !== 'differs') judgements.push({ kind: 'equal', text });
      else judgements.push(await this.judgeInFull(original, { text, difference: JSON.stringify(verdict) }));
    }
    return judgements;
  }

  async close(): Promise<void> {
    for (const each of [this.first, this.second, this.full]) await each.close();
  }

  /** Fewer databases than the program takes may have missed what it would not. */
  private async judgeInFull(
    original: string,
    { text, difference }: { readonly text: string; readonly difference: string },
  ): Promise<Judgement> {
    const [verdict] = await this.full.compare(original, [text]);
    const kind = verdict?.kind === 'no counterexample' ? 'wrong' : 'refuted in full';
    return { kind, text: `${original}\n  as\n${text}\n  ${difference}` };
  }
}
