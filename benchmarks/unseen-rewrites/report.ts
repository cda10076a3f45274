import type { JudgedRecommendation, Judgement } from './judge.js';

const RECALL_LEAST = 0.9;

/** What is to be told of a statement. */
interface Description {
  readonly schema: string;
  readonly judgement: Judgement;
  readonly isVerbose: boolean;
}

/** Gives the lines on one statement: what is wrong, slower or missed; with `isVerbose` everything, and the missed texts. */
export function describeJudgement({ schema, judgement, isVerbose }: Description): readonly string[] {
  const { statement, originalMs, theirs, ours, isFound, recommendations } = judgement;
  const isMissed = theirs !== null && !isFound;
  const bad = recommendations.filter((recommendation) => recommendation.differsOn !== null || recommendation.isSlower);
  if (!isMissed && bad.length === 0 && !isVerbose) return [];
  const verdict = theirs === null ? 'left alone by hand' : isFound ? 'found' : 'MISSED';
  const byHand = theirs === null ? '' : `, by hand ${theirs.toFixed(1)} times as fast`;
  const shown = isVerbose ? recommendations : bad;
  return [
    `${schema}/${statement.name} (${statement.worth}): ${verdict}; ${originalMs.toFixed(1)} ms${byHand}, by the advice ${ours.toFixed(1)}`,
    ...(isMissed && isVerbose ? [`  why: ${statement.why}\n${statement.sql}\n  by hand:\n${handForm(judgement)}`] : []),
    ...shown.map(describeRecommendation),
  ];
}

/** Gives the figures of all statements. */
export function summarise(judgements: readonly Judgement[]): string {
  const worthwhile = judgements.filter(({ theirs }) => theirs !== null);
  const found = worthwhile.filter(({ isFound }) => isFound);
  const recommendations = judgements.flatMap((judgement) => judgement.recommendations);
  const rewrites = recommendations.filter(({ isRewrite }) => isRewrite);
  const onOthers = judgements.filter(({ theirs }) => theirs === null);
  const byWorth = (['rewrite', 'index'] as const).map((worth) => {
    const of = worthwhile.filter(({ statement }) => statement.worth === worth);
    return `${worth} ${of.filter(({ isFound }) => isFound).length} of ${of.length}`;
  });
  return [
    `${judgements.length} statements, ${worthwhile.length} of them worthwhile; found ${found.length}, ` +
      `${(recallOf(judgements) * 100).toFixed(1)} % (${byWorth.join(', ')})`,
    `${rewrites.length} rewrites recommended: ${wrongOf(judgements).length} wrong, ${slowerOf(judgements).length} slower; ` +
      `${onOthers.filter((judgement) => judgement.recommendations.length > 0).length} of ${onOthers.length} statements ` +
      'that are left alone by hand have a recommendation',
    `missed: ${worthwhile
      .filter(({ isFound }) => !isFound)
      .map(({ statement }) => statement.name)
      .join(', ')}`,
  ].join('\n');
}

/** True where the bars are reached. */
export function isReached(judgements: readonly Judgement[]): boolean {
  const isFree = wrongOf(judgements).length + slowerOf(judgements).length === 0;
  return isFree && recallOf(judgements) >= RECALL_LEAST;
}

function recallOf(judgements: readonly Judgement[]): number {
  const worthwhile = judgements.filter(({ theirs }) => theirs !== null);
  return worthwhile.filter(({ isFound }) => isFound).length / worthwhile.length;
}

function wrongOf(judgements: readonly Judgement[]): readonly JudgedRecommendation[] {
  return judgements.flatMap(({ recommendations }) => recommendations.filter(({ differsOn }) => differsOn !== null));
}

function slowerOf(judgements: readonly Judgement[]): readonly JudgedRecommendation[] {
  return judgements.flatMap(({ recommendations }) => recommendations.filter(({ isSlower }) => isSlower));
}

function handForm({ statement: { better } }: Judgement): string {
  return better === null ? '' : [...better.indexes, better.sql].join(';\n');
}

function describeRecommendation({ ruleId, grade, form, speedUp, differsOn, isSlower }: JudgedRecommendation): string {
  const faults = [...(differsOn === null ? [] : [`WRONG on ${differsOn}`]), ...(isSlower ? ['SLOWER'] : [])];
  const shown = [...form.indexes, form.sql].join('; ').replace(/\s+/g, ' ');
  return `  ${ruleId}, ${grade}, ${speedUp.toFixed(2)} times as fast ${faults.join(', ')}: ${shown}`;
}
