import type { Randomness, RandomStream } from './randomness.js';
import { type Scaled, type ScaledForm, SPECIAL } from './scaled-forms.js';

/** A value moves by this part of the way to its neighbour at most, so that ranges keep their shares. */
const SHARE_OF_GAP = 16n;

export interface ScaledValues {
  readonly name: string;
  readonly values: Iterable<string>;
  /** Values that stay where they are and that no other passes: constants of the schema. */
  readonly anchors: Iterable<string>;
}

/**
 * Gives stand-ins for values whose distances matter, each moved a little between its neighbours: order, scale and
 * precision stay. Neighbours that leave no room, such as 1, 2 and 3, stay as they are, and so does zero. A value that
 * has no place on the scale has no entry.
 */
export function scaledStandIns(
  { name, values, anchors }: ScaledValues,
  form: ScaledForm,
  randomness: Randomness,
): ReadonlyMap<string, string> {
  const parsed = parsedValues(values, form);
  const fixed = new Set([0n, ...[...anchors].flatMap((text) => form.parse(text)?.units ?? [])]);
  const all = [...new Set([...fixed, ...parsed.map(({ scaled }) => scaled.units)])].sort((a, b) => (a < b ? -1 : 1));
  const places = new Map(all.map((units, place) => [units, place]));
  const [least, greatest] = endsOf(parsed.map(({ scaled }) => scaled.units));
  const random = randomness.stream(name);
  const standIns = new Map([...values].filter((text) => SPECIAL.has(text)).map((text) => [text, text]));
  const moved = new Map([...fixed].map((units) => [units, units]));
  for (const { text, scaled } of parsed) {
    const { units, step } = scaled;
    const place = places.get(units) ?? 0;
    const down = units === least ? 0n : room(scaled, all[place - 1]);
    const up = units === greatest ? 0n : room(scaled, all[place + 1]);
    // 1.0 and 1.00 are one value.
    const to = moved.get(units) ?? units + movement({ down, up }, random) * step;
    moved.set(units, to);
    standIns.set(text, form.format(to, text));
  }
  return standIns;
}

function parsedValues(values: Iterable<string>, form: ScaledForm) {
  const parsed = [...values].flatMap((text) => {
    const scaled = form.parse(text);
    return scaled === null ? [] : [{ text, scaled }];
  });
  if (form.dropsZeros !== true) return parsed;
  const step = parsed.reduce(
    (least, { scaled }) => (scaled.step < least ? scaled.step : least),
    parsed[0]?.scaled.step ?? 1n,
  );
  return parsed.map(({ text, scaled }) => ({ text, scaled: { ...scaled, step } }));
}

function endsOf(units: readonly bigint[]): readonly [bigint | undefined, bigint | undefined] {
  let [least] = units;
  let [greatest] = units;
  for (const each of units) {
    if (least === undefined || each < least) least = each;
    if (greatest === undefined || each > greatest) greatest = each;
  }
  return [least, greatest];
}

/** Steps that a value may go towards a neighbour: less than half the way, else the two could meet. */
function room({ units, step }: Scaled, neighbour: bigint | undefined): bigint {
  if (neighbour === undefined) return 0n;
  const gap = units > neighbour ? units - neighbour : neighbour - units;
  const most = (gap - 1n) / 2n;
  const wanted = gap / SHARE_OF_GAP > step ? gap / SHARE_OF_GAP : step;
  return (wanted < most ? wanted : most) / step;
}

/** A number of steps other than none, where there is room for one. */
function movement({ down, up }: { readonly down: bigint; readonly up: bigint }, random: RandomStream): bigint {
  if (down + up === 0n) return 0n;
  const drawn = random.below(down + up) - down;
  return drawn < 0n ? drawn : drawn + 1n;
}
