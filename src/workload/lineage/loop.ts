import type { RecordedCall, Stretch } from '../../model/linkage.js';
import type { ValueForm } from '../../model/trace.js';
import { applyEdits } from '../../sql/text-edits.js';
import { readShape } from '../log/statement-shape.js';

/** A stretch as one statement with parameters. */
export interface Loop {
  readonly stretch: Stretch;
  /** What changes from call to call is `$n` in it. */
  readonly text: string;
  /** Numbers of the parameters that change. */
  readonly varying: readonly number[];
  /** One entry a call. */
  readonly calls: readonly LoopCall[];
  /** What the calls' values are, where not the application's own; absent, any of the parameters may change. */
  readonly valueForm?: ValueForm;
}

export interface LoopCall {
  readonly call: RecordedCall;
  /** Of `$1`, `$2` … */
  readonly values: readonly (string | null)[];
}

/** Gives a stretch as one statement with parameters; null where their values were not logged. */
export function readLoop(stretch: Stretch): Loop | null {
  const [first] = stretch.calls;
  if (first === undefined || stretch.calls.some((call) => !isLike(call, first))) return null;
  const { valueForm } = first;
  if (valueForm === 'absent') return { stretch, text: first.text, ...valueless(stretch, first), valueForm };
  const form = valueForm === undefined ? {} : { valueForm };
  const varying = first.values.flatMap((_, index) => (varies(stretch, index) ? [index] : []));
  if (!first.isInline) {
    const calls = stretch.calls.map((call) => ({ call, values: call.values }));
    return { stretch, text: first.text, varying: varying.map((index) => index + 1), calls, ...form };
  }
  if (/\$\d/.test(first.text)) return null;
  return {
    stretch,
    text: withParameters(first.text, varying),
    varying: varying.map((_, place) => place + 1),
    calls: stretch.calls.map((call) => ({ call, values: varying.map((index) => call.values[index] ?? null) })),
    ...form,
  };
}

function isLike({ values, valueForm }: RecordedCall, first: RecordedCall): boolean {
  return values.length === first.values.length && valueForm === first.valueForm;
}

function valueless({ calls }: Stretch, { text }: RecordedCall): Pick<Loop, 'varying' | 'calls'> {
  const numbers = [...text.matchAll(/\$(\d{1,5})/g)].map(([, number]) => Number(number));
  const varying = [...new Set(numbers)].sort((one, other) => one - other);
  return { varying, calls: calls.map((call) => ({ call, values: [] })) };
}

function varies({ calls }: Stretch, index: number): boolean {
  return calls.some(({ values }) => values[index] !== calls[0]?.values[index]);
}

/** Only what changes becomes a parameter: `LIMIT 10` and `interval '1 day'` stay as they are. */
function withParameters(text: string, varying: readonly number[]): string {
  const { constants } = readShape(text);
  const edits = varying.flatMap((index, place) => {
    const constant = constants[index];
    return constant === undefined ? [] : [{ start: constant.start, end: constant.end, text: `$${place + 1}` }];
  });
  return applyEdits(text, edits);
}
