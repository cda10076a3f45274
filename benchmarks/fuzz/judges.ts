import type { EmbeddedServer } from '../../src/embedded/server.js';
import type { Catalog } from '../../src/model/catalog.js';
import type { Equivalence, EquivalenceVerdict } from '../../src/model/equivalence.js';
import { createEmptySchema } from '../../src/planner/twin/empty-schema.js';
import { openEquivalence } from '../../src/proof/equivalence.js';
import type { OtherText } from '../../test/sql/rewrite/every-door.js';

/**
 * What two sets of databases say of a rewrite: `equal` on both, `refuted` on the first, `not compared` on the first, `not valid`
 * where the server does not prepare the statement itself, `cautious` where it differs on the second and is told to, or
 * `wrong`: the verifier in full lets it pass and the second set shows a difference.
 */
export interface Judgement {
  readonly kind: 'equal' | 'refuted' | 'not valid' | 'not compared' | 'refuted in full' | 'cautious' | 'wrong';
  readonly form: string;
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

  async judge(original: string, rewrites: readonly OtherText[]): Promise<readonly Judgement[]> {
    const verdicts = await this.first.compare(original, rewrites.map(sqlOf));
    const judgements: Judgement[] = [];
    const passed: OtherText[] = [];
    for (const [place, rewrite] of rewrites.entries()) {
      const verdict = verdicts[place];
      if (verdict?.kind === 'no counterexample') passed.push(rewrite);
      else if (verdict !== undefined) judgements.push(judgedOnce(original, rewrite, verdict));
    }
    const again = passed.length === 0 ? [] : await this.second.compare(original, passed.map(sqlOf));
    for (const [place, rewrite] of passed.entries()) {
      const verdict = again[place];
      if (verdict?.kind !== 'differs') judgements.push({ kind: 'equal', form: rewrite.form, text: rewrite.sql });
      else judgements.push(await this.judgeInFull(original, rewrite, verdict));
    }
    return judgements;
  }

  async close(): Promise<void> {
    for (const each of [this.first, this.second, this.full]) await each.close();
  }

  /** Fewer databases than the program takes may have missed what it would not. */
  private async judgeInFull(original: string, rewrite: OtherText, difference: EquivalenceVerdict): Promise<Judgement> {
    const [verdict] = await this.full.compare(original, [rewrite.sql]);
    const passes = rewrite.isCautious === true ? 'cautious' : 'wrong';
    const kind = verdict?.kind === 'no counterexample' ? passes : 'refuted in full';
    return { kind, form: rewrite.form, text: told(original, rewrite, difference) };
  }
}

function judgedOnce(original: string, rewrite: OtherText, verdict: EquivalenceVerdict): Judgement {
  const isValid = verdict.kind !== 'not compared' || !verdict.reason.startsWith('the original cannot be prepared');
  const kind = verdict.kind === 'differs' ? 'refuted' : isValid ? 'not compared' : 'not valid';
  return { kind, form: rewrite.form, text: told(original, rewrite, verdict) };
}

function told(original: string, { sql }: OtherText, verdict: EquivalenceVerdict): string {
  return `${original}\n  as\n${sql}\n  ${JSON.stringify(verdict)}`;
}

function sqlOf({ sql }: OtherText): string {
  return sql;
}
