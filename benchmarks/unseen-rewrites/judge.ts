import type { AdviceReport } from '../../src/model/advice.js';
import type { Session } from '../../src/postgres/session.js';
import { timeForms } from './measure.js';
import { type Emptied, outcomeOf, writtenTable } from './outcome.js';
import { type Recommendation, recommendationsFor } from './own-advice.js';
import type { Form, KnownStatement } from './read-statements.js';

/** A recommendation counts as found from this share of the hand-written form's speed-up … */
const SHARE_LEAST = 0.5;
/** … or where a call takes no longer than by it and this, which planning alone wanders by … */
const WANDERS_MS = 0.3;
/** … and from this speed-up of its own. */
const SPEED_UP_LEAST = 1.2;
/** More rounds, to say of a recommendation that it is not faster. */
const ROUNDS_IN_DOUBT = 11;

/** What the rows say about one recommendation. */
export interface JudgedRecommendation extends Recommendation {
  /** How many times as fast as the original. */
  readonly speedUp: number;
  /** Where it differs from the original; null where it was equal everywhere. */
  readonly differsOn: string | null;
  readonly isSlower: boolean;
}

/** What the rows say about one statement. */
export interface Judgement {
  readonly statement: KnownStatement;
  readonly originalMs: number;
  /** Of the hand-written form; null where there is none. */
  readonly theirs: number | null;
  /** The best of all recommendations, alone or together; 1 where there is none. */
  readonly ours: number;
  readonly isFound: boolean;
  readonly recommendations: readonly JudgedRecommendation[];
}

interface Bed {
  readonly session: Session;
  /** Changes under which every statement that names their table is compared. */
  readonly variations: readonly Emptied[];
  readonly rounds: number;
}

/** Times original, hand-written form and recommendations side by side, and compares every rewrite with the original. */
export async function judge(bed: Bed, report: AdviceReport, statement: KnownStatement): Promise<Judgement> {
  const recommended = recommendationsFor(report, statement);
  const original = originalOf(statement);
  const better = statement.better === null ? [] : [statement.better];
  const united = together(statement, recommended);
  const forms = [original, ...better, ...recommended.map(({ form }) => form), ...united];
  const timings = await timeForms(bed.session, forms, bed.rounds);
  const originalMs = timings.get(original)?.medianMs ?? 0;
  const speedUpOf = (form: Form) => originalMs / (timings.get(form)?.medianMs ?? originalMs);
  const recommendations: JudgedRecommendation[] = [];
  for (const recommendation of recommended) {
    const speedUp = speedUpOf(recommendation.form);
    const differsOn = recommendation.isRewrite ? await differenceOf(bed, statement, recommendation.form) : null;
    const isSlower = recommendation.isRewrite && speedUp < 1 && (await isReallySlower(bed, original, recommendation));
    recommendations.push({ ...recommendation, speedUp, differsOn, isSlower });
  }
  // What was written and taken back left dead rows, for which the plans of later statements would be others.
  const isWritten = writtenTable(statement.sql) !== null || recommendations.some(({ isRewrite }) => isRewrite);
  if (isWritten) await bed.session.query('VACUUM');
  const theirs = statement.better === null ? null : speedUpOf(statement.better);
  const right = recommendations.filter(({ differsOn }) => differsOn === null);
  const isAllRight = right.length === recommendations.length;
  const ours = Math.max(1, ...right.map(({ speedUp }) => speedUp), ...(isAllRight ? united.map(speedUpOf) : []));
  const isNear =
    theirs !== null && (ours >= SHARE_LEAST * theirs || originalMs / ours <= originalMs / theirs + WANDERS_MS);
  const isFound = isNear && ours >= SPEED_UP_LEAST;
  return { statement, originalMs, theirs, ours, isFound, recommendations };
}

/** Gives where a form differs from its statement, in outcome, or null where it does not: as the rows are, and changed. */
export async function differenceOf(
  { session, variations }: Omit<Bed, 'rounds'>,
  statement: KnownStatement,
  form: Form,
): Promise<string | null> {
  if (statement.isVolatile) return 'every run: the statement is volatile';
  const { isOrdered } = statement;
  const emptied = variations.filter(({ table }) => new RegExp(`\\b${table}\\b`).test(statement.sql));
  for (const variation of [null, ...statement.variations, ...emptied.map(({ sql }) => sql)]) {
    const original = await outcomeOf(session, { sql: statement.sql, isOrdered, variation });
    const other = await outcomeOf(session, { sql: form.sql, isOrdered, variation });
    if (original !== other) return `${variation ?? 'the rows as they are'}: ${original} against ${other}`;
  }
  return null;
}

/** Gives a statement as it is. */
export function originalOf({ sql }: KnownStatement): Form {
  return { sql, indexes: [] };
}

/** Each rewrite under all the indexes, where there are both; all the indexes at once, where there are several. */
function together(statement: KnownStatement, recommended: readonly Recommendation[]): readonly Form[] {
  const indexes = [...new Set(recommended.flatMap(({ form }) => form.indexes))];
  const rewrites = recommended.filter(({ isRewrite }) => isRewrite).map(({ form }) => form.sql);
  const texts = [...(recommended.length > rewrites.length + 1 ? [statement.sql] : []), ...rewrites];
  return indexes.length === 0 ? [] : texts.map((sql) => ({ sql, indexes }));
}

async function isReallySlower({ session }: Bed, original: Form, { form }: Recommendation): Promise<boolean> {
  const timings = await timeForms(session, [original, form], ROUNDS_IN_DOUBT);
  return (timings.get(form)?.medianMs ?? 0) > (timings.get(original)?.medianMs ?? 0);
}
