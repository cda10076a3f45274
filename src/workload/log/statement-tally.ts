import type { SubqueryShare } from '../../model/plan.js';
import type { StatementEvent } from '../../model/trace.js';
import type { WorkloadStatement } from '../../model/workload.js';
import { fingerprint } from '../../sql/fingerprint.js';
import { parseStatement } from '../../sql/parse.js';
import { asParseFailure } from '../../sql/parse-failure.js';
import { readTags } from '../call-tags.js';
import { whyIrrelevant } from '../relevance.js';
import type { SkipTally } from '../skip-tally.js';
import { TextCache } from '../text-cache.js';
import type { LoggedPlan } from './logged-plan.js';
import { shapeOf } from './statement-shape.js';

/** Statements of different shape that are told apart at most. */
const SHAPES_MOST = 50_000;
/** Characters of their texts: about 100 MB. */
const TEXTS_LENGTH_MOST = 50_000_000;
/** Sets of parameters that are kept of a statement. */
const SAMPLES_MOST = 20;
/** Characters of a set; a longer one, as of a file that is stored, is not kept. */
const SAMPLE_LENGTH_MAX = 10_000;
/** A longer text is counted as skipped. */
const TEXT_LENGTH_MAX = 1_000_000;

const TOO_MANY = `one of more than ${SHAPES_MOST} different statements, or of more than 100 MB of them`;

interface Known {
  readonly text: string;
  calls: number;
  totalTimeMs: number | null;
  rows: number | null;
  readonly samples: (readonly (string | null)[])[];
  /** Of the slowest call of which a plan tells one. */
  slowest: { readonly durationMs: number; readonly subquery: SubqueryShare } | null;
}

/** Adds up the statements of a log by their shape, in memory that depends on the number of shapes alone. */
export class StatementTally {
  private readonly skipped: SkipTally;
  private readonly known = new Map<string, Known>();
  /** Texts with parameters come again as they are. */
  private readonly shapes = new TextCache<string>();
  private textsLength = 0;

  constructor(skipped: SkipTally) {
    this.skipped = skipped;
  }

  add({ text, durationMs, parameters, isFetch, valueForm, rowCount }: StatementEvent): void {
    if (isFetch) return;
    const known = this.knownOf(text, parameters !== null);
    if (known === null) return;
    known.calls += 1;
    if (durationMs !== null) known.totalTimeMs = (known.totalTimeMs ?? 0) + durationMs;
    if (rowCount !== undefined) known.rows = (known.rows ?? 0) + rowCount;
    if (parameters !== null && valueForm === undefined) keepSample(known, parameters);
  }

  /** Notes what a plan tells of a statement's subquery; its call is told by itself. */
  addPlan({ text, parameters, durationMs, subquery }: LoggedPlan): void {
    const known = subquery === undefined ? null : this.knownOf(text, parameters !== null);
    if (known === null || subquery === undefined || durationMs < (known.slowest?.durationMs ?? 0)) return;
    known.slowest = { durationMs, subquery };
  }

  /** Gives what was added, those alone that are part of a workload. */
  statements(): readonly WorkloadStatement[] {
    return [...this.known.values()].flatMap((known) => this.toStatement(known));
  }

  private knownOf(sent: string, isRepeated: boolean): Known | null {
    if (sent.length > TEXT_LENGTH_MAX) {
      this.skipped.add('longer than a million characters', sent.slice(0, 300));
      return null;
    }
    const { text } = readTags(sent);
    const shape = isRepeated ? this.shapes.of(text, shapeOf) : shapeOf(text);
    const found = this.known.get(shape);
    if (found !== undefined) return found;
    this.textsLength += text.length + shape.length;
    if (this.known.size >= SHAPES_MOST || this.textsLength > TEXTS_LENGTH_MOST) {
      this.textsLength -= text.length + shape.length;
      this.skipped.add(TOO_MANY, text);
      return null;
    }
    const known = { text, calls: 0, totalTimeMs: null, rows: null, samples: [], slowest: null };
    this.known.set(shape, known);
    return known;
  }

  private toStatement({ text, calls, totalTimeMs, rows, samples, slowest }: Known): readonly WorkloadStatement[] {
    // Of a cursor's further rows a plan tells, and no call.
    if (calls === 0) return [];
    try {
      const reason = whyIrrelevant(parseStatement(text).tree, text);
      if (reason !== null) {
        this.skipped.add(reason, text, calls);
        return [];
      }
      const unknown = { name: null, sharedBuffers: null, location: null };
      const known = { text, calls, totalTimeMs, rows, parameterSamples: samples };
      const seen = slowest === null ? {} : { subquery: slowest.subquery };
      return [{ ...unknown, ...known, fingerprint: fingerprint(text), ...seen }];
    } catch (error) {
      if (asParseFailure(error) === null) throw error;
      this.skipped.add('does not parse as SQL', text, calls);
      return [];
    }
  }
}

/** Keeps the first, then every so many-th, so that a long log is not known by its beginning alone. */
function keepSample(known: Known, parameters: readonly (string | null)[]): void {
  if (parameters.reduce((length, value) => length + (value?.length ?? 0), 0) > SAMPLE_LENGTH_MAX) return;
  if (known.samples.length < SAMPLES_MOST) known.samples.push(parameters);
  else if (known.calls % 1000 === 0) known.samples[(known.calls / 1000) % SAMPLES_MOST] = parameters;
}
