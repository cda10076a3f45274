import { messageOf, sqlStateOf } from '../errors.js';
import type { Progress, ProgressStep } from '../model/progress.js';
import type { PlannableStatement } from '../model/workload.js';
import type { Session } from '../postgres/session.js';
import { isUnusableYet, UNUSABLE_YET } from '../postgres/unusable-index.js';
import { quoteIdentifier } from '../sql/quote.js';
import {
  type CallFigures,
  comparable,
  type Figures,
  falls,
  fallsInBoth,
  figuresOf,
  refusalOf,
  replannedBetween,
  type SlowedCall,
  slowedBetween,
} from './figures.js';
import { type Measured, measureBindings } from './measure.js';
import { onScratch, type ScratchRun } from './scratch.js';

/** An index that is to be built and measured. */
export interface ProvableIndex {
  /** Schema of its table. */
  readonly schema: string;
  /** What must be run before it, such as CREATE EXTENSION; null for nothing. */
  readonly prepareSql?: string | null;
  /** What must be run after it, such as ANALYZE; null for nothing. */
  readonly followUpSql?: string | null;
  /** Gives a plain CREATE INDEX statement under a name. */
  createSql(name: string): string;
  /** The statements that are to gain by it. */
  readonly statements: readonly PlannableStatement[];
}

/** What measuring says of an index: without any of the set, with what is kept of it, and with all of that but this one. */
export type Verdict =
  | {
      readonly kind: 'helps' | 'does not help';
      readonly before: CallFigures;
      readonly after: CallFigures;
      readonly without: CallFigures;
      /** The statements that take longer with it than without it, which the others outweigh. */
      readonly slowed: readonly SlowedCall[];
      /** Statements of the other indexes that gain by what is kept, and use it: with it they do without theirs. */
      readonly adopted: readonly PlannableStatement[];
    }
  | { readonly kind: 'not measured'; readonly reason: string };

export interface Proof {
  /** `scratch 18.4`. */
  readonly measuredOn: string;
  /** In the order of the indexes. */
  readonly verdicts: readonly Verdict[];
}

export interface ProofRequest extends ScratchRun {
  readonly progress: Progress;
}

const BUILD_TIMEOUT_MS = 1_800_000;

/**
 * Builds indexes on the scratch database and runs their statements without any, with all, and with all but each, in
 * one transaction that is rolled back. The last index is judged first; one that does not help is left out for the
 * others. Statements that write are rolled back one by one.
 */
export async function proveIndexes(indexes: readonly ProvableIndex[], request: ProofRequest): Promise<Proof> {
  return onScratch(request, async (session, measuredOn) => {
    const step = request.progress.step('measuring on the scratch database', indexes.length);
    try {
      await session.query('BEGIN');
      const proof = new ProofRun(session, { indexes, statementTimeoutMs: request.statementTimeoutMs, step });
      const verdicts = await proof.run();
      await session.query('ROLLBACK');
      return { measuredOn, verdicts };
    } finally {
      step.end();
    }
  });
}

interface RunParts {
  readonly indexes: readonly ProvableIndex[];
  readonly statementTimeoutMs: number;
  readonly step: ProgressStep;
}

/** One transaction's worth of building and measuring. */
class ProofRun {
  private readonly session: Session;
  private readonly parts: RunParts;

  constructor(session: Session, parts: RunParts) {
    this.session = session;
    this.parts = parts;
  }

  async run(): Promise<readonly Verdict[]> {
    const { indexes, step } = this.parts;
    const statements = [...new Set(indexes.flatMap((index) => index.statements))];
    step.update(0, 'without the indexes');
    const before = await this.measure(statements);
    const obstacles: (string | null)[] = [];
    for (const [place, index] of indexes.entries()) {
      step.update(place, 'building');
      obstacles.push(await this.build(index, place));
    }
    let current = await this.measure(statements);
    const verdicts: Verdict[] = [];
    for (const [place, index] of [...indexes.entries()].reverse()) {
      step.update(indexes.length - place, 'without one of them');
      const obstacle = obstacles[place] ?? null;
      const { verdict, figures } =
        obstacle === null ? await this.tryWithout(index, place, { before, current }) : notMeasured(obstacle);
      current = new Map([...current, ...figures]);
      verdicts.unshift(verdict);
    }
    return verdicts.map((verdict, place) =>
      verdict.kind === 'helps' ? { ...verdict, adopted: this.adoptedBy(place, { before, current }) } : verdict,
    );
  }

  /** The statements of other indexes whose plans use this one at last, and are better than without any. */
  private adoptedBy(place: number, { before, current }: { before: Figures; current: Figures }) {
    const { indexes, statementTimeoutMs } = this.parts;
    const own = indexes[place]?.statements ?? [];
    return [...current.keys()].filter((statement) => {
      const measured = current.get(statement);
      const isUsing = measured?.kind === 'measured' && measured.indexes.includes(nameOf(place));
      if (!isUsing || own.includes(statement) || before.get(statement)?.kind === 'refused') return false;
      const [from, to] = [before, current].map((state) => figuresOf([statement], state, statementTimeoutMs));
      return from !== undefined && to !== undefined && falls(from, to);
    });
  }

  private judge(index: ProvableIndex, states: { before: Figures; current: Figures; without: Figures }): Verdict {
    const { before, current, without } = states;
    const run = comparable(index.statements, [before, current, without]);
    if (run.length === 0) {
      const reason = refusalOf(index.statements, before) ?? refusalOf(index.statements, current);
      return { kind: 'not measured', reason: reason ?? 'none of its statements could be run' };
    }
    const limitMs = this.parts.statementTimeoutMs;
    const of = (figures: Figures) => figuresOf(run, figures, limitMs);
    const slowed = slowedBetween(run, { before: without, after: current }, limitMs);
    const helpsFrom = (from: Figures) => {
      const replanned = replannedBetween(run, { before: from, after: current });
      const isLess = (less: typeof falls, some: readonly PlannableStatement[]) =>
        some.length > 0 && less(figuresOf(some, from, limitMs), figuresOf(some, current, limitMs));
      // Beside a dear one that gains little, what another gains is hardly seen in the mean.
      const isOfSome = slowed.length === 0 && replanned.some((statement) => isLess(fallsInBoth, [statement]));
      return isLess(falls, replanned) || isOfSome;
    };
    const kind = helpsFrom(without) && helpsFrom(before) ? 'helps' : 'does not help';
    return { kind, before: of(before), after: of(current), without: of(without), slowed, adopted: [] };
  }

  private async measure(statements: readonly PlannableStatement[]): Promise<Figures> {
    const figures = new Map<PlannableStatement, Measured>();
    for (const statement of statements) figures.set(statement, await measureBindings(this.session, statement.bindings));
    return figures;
  }

  /** Gives null, or why the index cannot be measured. */
  private async build(index: ProvableIndex, place: number): Promise<string | null> {
    await this.session.script(`SAVEPOINT build; SET LOCAL statement_timeout = ${BUILD_TIMEOUT_MS}`);
    try {
      if (index.prepareSql != null) await this.session.query(index.prepareSql);
      await this.session.query(index.createSql(nameOf(place)));
      if (index.followUpSql != null) await this.session.query(index.followUpSql);
      if (!(await isUnusableYet(this.session, qualified(index, place)))) {
        await this.session.query(`SET LOCAL statement_timeout = ${Math.ceil(this.parts.statementTimeoutMs)}`);
        return null;
      }
    } catch (error) {
      if (sqlStateOf(error) === null) throw error;
      await this.session.query('ROLLBACK TO SAVEPOINT build');
      return messageOf(error);
    }
    await this.session.query('ROLLBACK TO SAVEPOINT build');
    return UNUSABLE_YET;
  }

  /** Takes an index out of the set, for good where it turns out not to help; gives the figures that hold from then on. */
  private async tryWithout(
    index: ProvableIndex,
    place: number,
    states: { readonly before: Figures; readonly current: Figures },
  ): Promise<{ verdict: Verdict; figures: Figures }> {
    await this.session.query('SAVEPOINT without');
    try {
      await this.session.query(`DROP INDEX ${qualified(index, place)}`);
    } catch (error) {
      // Another session has the table in use, which the one that built the index does not stop.
      if (sqlStateOf(error) === null) throw error;
      await this.session.query('ROLLBACK TO SAVEPOINT without');
      return notMeasured(messageOf(error));
    }
    const without = await this.measure(index.statements);
    const verdict = this.judge(index, { ...states, without });
    if (verdict.kind === 'does not help') return { verdict, figures: without };
    await this.session.query('ROLLBACK TO SAVEPOINT without');
    return { verdict, figures: new Map() };
  }
}

function notMeasured(reason: string): { verdict: Verdict; figures: Figures } {
  return { verdict: { kind: 'not measured', reason }, figures: new Map() };
}

/** A name that the scratch database has not: there the index may stand already under its own. */
function nameOf(place: number): string {
  return `pgsteward_proof_${place + 1}`;
}

function qualified(index: ProvableIndex, place: number): string {
  return `${quoteIdentifier(index.schema)}.${nameOf(place)}`;
}
