import type { FoundLoop } from './detect-loops.js';
import { fingerprintOf, isWanted, type LoopLabel } from './labels.js';

export interface Truth {
  readonly labels: readonly LoopLabel[];
  /** Fingerprints of queries that are sent again and again with the same values. */
  readonly repeated: ReadonlySet<string>;
}

/** How many of what was found are right, and how many of what was wanted are found. */
export interface Share {
  readonly right: number;
  readonly of: number;
}

/** What was found in one log beside what its program did. */
export interface Judgement {
  /** Findings that name a parent: the pair is one of the program's. */
  readonly linkedPrecision: Share;
  /** Findings without a parent: the program runs the statement in a loop. */
  readonly countedPrecision: Share;
  /** Loops over rows of a query that are linked to it. */
  readonly linkedRecall: Share;
  /** Loops of all kinds whose statement is reported by any grade. */
  readonly recall: Share;
  /** Linked findings of statements that do run in a loop: the parent is right. */
  readonly parents: Share;
  /** Right pairs that are given the right class. */
  readonly classes: Share;
  /** Statements reported that do run in a loop. */
  readonly precision: Share;
  readonly baselinePrecision: Share;
  readonly baselineRecall: Share;
  /** Batches of right pairs that were seen to give the same rows, of those that were run. */
  readonly batches: Share;
  readonly wrong: readonly string[];
  readonly missed: readonly string[];
  /** Loops of which no grade says anything. */
  readonly unreported: readonly string[];
  readonly misnamed: readonly string[];
}

/** Judges findings, and the plain counting beside them, by the labels of the program that was logged. */
export function judge(found: readonly FoundLoop[], baseline: ReadonlySet<string>, truth: Truth): Judgement {
  const looped = new Set([...truth.labels.map(({ child }) => child), ...truth.repeated]);
  const linked = found.filter(({ parent }) => parent !== null);
  const counted = found.filter(({ parent }) => parent === null);
  const rightPairs = linked.filter((each) => labelOf(each, truth) !== undefined);
  const wanted = truth.labels.filter(isWanted);
  const overRows = wanted.filter(({ parents, isRepeat }) => parents.size > 0 && !isRepeat);
  const children = new Set(found.map(childOf));
  const wantedChildren = new Set([...wanted.map(({ child }) => child), ...truth.repeated]);
  const run = rightPairs.filter(({ batch }) => batch === 'equal' || batch === 'differs');
  const missed = overRows.filter((label) => !linked.some((each) => isOf(each, label)));
  return {
    linkedPrecision: share(linked, (each) => rightPairs.includes(each)),
    countedPrecision: share(counted, (each) => looped.has(childOf(each))),
    linkedRecall: share(overRows, (label) => !missed.includes(label)),
    recall: share([...wantedChildren], (child) => children.has(child)),
    parents: share(
      linked.filter((each) => truth.labels.some(({ child, isRepeat }) => child === childOf(each) && !isRepeat)),
      (each) => rightPairs.includes(each),
    ),
    classes: share(rightPairs, (each) => classesOf(each, truth).includes(each.class)),
    precision: share([...children], (child) => looped.has(child)),
    baselinePrecision: share([...baseline], (child) => looped.has(child)),
    baselineRecall: share([...wantedChildren], (child) => baseline.has(child)),
    batches: share(run, ({ batch }) => batch === 'equal'),
    wrong: [
      ...linked.filter((each) => !rightPairs.includes(each)).map((each) => wrongText(each, looped)),
      ...counted.filter((each) => !looped.has(childOf(each))).map((each) => wrongText(each, looped)),
    ],
    missed: missed.map((label) => missedText(label, found)),
    unreported: [...wantedChildren]
      .filter((child) => !children.has(child))
      .map((child) => unreportedText(child, truth)),
    misnamed: rightPairs
      .filter((each) => !classesOf(each, truth).includes(each.class))
      .map(
        (each) =>
          `${each.class} in place of ${classesOf(each, truth).join(' or ')}: ${each.child.text}\n      < ${each.parent?.text}`,
      ),
  };
}

function labelOf(found: FoundLoop, { labels }: Truth): LoopLabel | undefined {
  return labels.find((label) => !label.isRepeat && isOf(found, label));
}

function isOf(found: FoundLoop, { child, parents }: LoopLabel): boolean {
  return child === childOf(found) && found.parent !== null && parents.has(fingerprintOf(found.parent.text));
}

function childOf({ child }: FoundLoop): string {
  return fingerprintOf(child.text);
}

/** The classes that a pair may bear: one that loops in two places may bear either. */
function classesOf(found: FoundLoop, { labels }: Truth): readonly (string | null)[] {
  return labels
    .filter((label) => isOf(found, label))
    .map(({ statement, isNested }) => {
      if (statement.kind !== 'select') return statement.kind;
      if (statement.isThroughJunction === true) return 'm-n-plus-one';
      return isNested ? 'nested' : 'plain';
    });
}

function share<T>(of: readonly T[], isRight: (each: T) => boolean): Share {
  return { right: of.filter(isRight).length, of: of.length };
}

function wrongText(found: FoundLoop, looped: ReadonlySet<string>): string {
  const what = looped.has(childOf(found)) ? 'wrong parent' : 'no loop';
  return `${what}: ${found.child.text}\n      < ${found.parent?.text ?? '(counted)'}\n      ${found.detail}`;
}

function missedText(label: LoopLabel, found: readonly FoundLoop[]): string {
  const others = found.filter((each) => childOf(each) === label.child);
  const instead = others.map(({ grade, parent }) => `${grade} < ${parent?.text ?? ''}`).join('; ');
  return `${label.callsMost} calls${label.isNested ? ', nested' : ''}: ${label.statement.text}\n      instead: ${instead || 'nothing'}`;
}

function unreportedText(child: string, { labels, repeated }: Truth): string {
  const label = labels.find((each) => each.child === child && isWanted(each));
  if (label === undefined) return `the same again and again, outside of loops: ${repeated.has(child)}`;
  const { callsMost, isRepeat, parents, statement } = label;
  return `${callsMost} calls${isRepeat ? ' for the same' : ''}${parents.size === 0 ? ' for what was given' : ''}: ${statement.text}`;
}
