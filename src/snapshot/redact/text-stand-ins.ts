/**
 * Letters that every collation sorts alike: no two of them make a letter of their own in any language, as ch, ll, aa
 * or dž do, and none has moved to another place in an alphabet, as y, w and z have.
 */
const LETTERS = 'beikmopquvx';

/** Digits before letters, as in every collation; for short columns, in which the eleven letters do not suffice. */
const CODE_LETTERS = '0123456789abcdefghijklmnopqrstuvwxyz';

/**
 * Gives stand-ins for texts, which come in their order and once each: in the same order, with the same beginnings in
 * common, of the same number of bytes where the order leaves room. Null where `lengthMax` leaves none.
 */
export function textStandIns(
  sorted: readonly string[],
  options: { readonly lengthMax: number | null; readonly random: () => number },
): readonly string[] | null {
  const { lengthMax } = options;
  const standIns = new Assignment(sorted, options).run();
  if (lengthMax === null || standIns.every((standIn) => standIn.length <= lengthMax)) return standIns;
  return numberedTexts(sorted.length, lengthMax);
}

/** Gives texts of one length in their order, evenly spread. */
function numberedTexts(count: number, length: number): readonly string[] | null {
  const room = BigInt(CODE_LETTERS.length) ** BigInt(Math.min(length, 20));
  if (room < BigInt(count)) return null;
  return Array.from({ length: count }, (_, place) =>
    lettersOf((BigInt(place) * room) / BigInt(count), Math.min(length, 20), CODE_LETTERS),
  );
}

function lettersOf(number: bigint, length: number, letters: string): string {
  let rest = number;
  let text = '';
  for (let place = 0; place < length; place += 1) {
    text = `${letters[Number(rest % BigInt(letters.length))]}${text}`;
    rest /= BigInt(letters.length);
  }
  return text;
}

/** Values that share a beginning, from one place in the order to before another. */
interface Group {
  readonly from: number;
  readonly to: number;
  /** Letters that all of them share. */
  readonly depth: number;
  readonly prefix: string;
}

/** Walks the values letter by letter, as one would build a tree of them, and writes another letter for each. */
class Assignment {
  private readonly values: readonly string[];
  private readonly standIns: string[];
  private readonly options: { readonly lengthMax: number | null; readonly random: () => number };

  constructor(
    sorted: readonly string[],
    options: { readonly lengthMax: number | null; readonly random: () => number },
  ) {
    this.values = sorted;
    this.standIns = sorted.map(() => '');
    this.options = options;
  }

  run(): readonly string[] {
    const open: Group[] = [{ from: 0, to: this.values.length, depth: 0, prefix: '' }];
    for (let group = open.pop(); group !== undefined; group = open.pop()) {
      if (group.to - group.from === 1) this.finish(group);
      else open.push(...this.split(group).toReversed());
    }
    return this.standIns;
  }

  /** A value that stands alone is filled up to its length. */
  private finish({ from, prefix }: Group): void {
    const bytes = Buffer.byteLength(this.values[from] ?? '');
    const length = Math.min(bytes, this.options.lengthMax ?? bytes);
    const letters = Array.from({ length: Math.max(0, length - prefix.length) }, () => this.letter());
    this.standIns[from] = flat(prefix + letters.join(''));
  }

  private split(group: Group): readonly Group[] {
    const runs = this.runsOf(group);
    const depth = group.depth + 1;
    const [first] = runs;
    // What all share tells nothing apart, whichever letter stands for it.
    if (runs.length === 1 && first !== undefined) return [{ ...group, depth, prefix: group.prefix + this.letter() }];
    // What ends here comes before what goes on, without another letter.
    const ended = first !== undefined && this.values[first.from]?.[group.depth] === undefined ? 1 : 0;
    if (ended === 1 && first !== undefined) this.standIns[first.from] = flat(group.prefix);
    const others = runs.slice(ended);
    const codes = codesFor(others.length);
    return others.map((run, place) => ({ ...run, depth, prefix: `${group.prefix}${codes[place]}` }));
  }

  /** Neighbours with the same next letter; some collations bring a letter back later. */
  private runsOf({ from, to, depth }: Group): readonly { readonly from: number; readonly to: number }[] {
    const runs: { from: number; to: number }[] = [];
    for (let place = from; place < to; place += 1) {
      const letter = this.values[place]?.[depth];
      const run = runs.at(-1);
      if (run !== undefined && letter !== undefined && letter === this.values[run.from]?.[depth]) run.to = place + 1;
      else runs.push({ from: place, to: place + 1 });
    }
    return runs;
  }

  private letter(): string {
    return LETTERS[Math.floor(this.options.random() * LETTERS.length)] ?? 'm';
  }
}

/** A text that was put together letter by letter takes thirty bytes a letter until it is copied. */
function flat(text: string): string {
  return Buffer.from(text, 'latin1').toString('latin1');
}

/** As few letters as tell so many apart, evenly spread over the alphabet. */
function codesFor(count: number): readonly string[] {
  let length = 1;
  while (LETTERS.length ** length < count) length += 1;
  const room = LETTERS.length ** length;
  return Array.from({ length: count }, (_, place) =>
    lettersOf(BigInt(Math.floor(((place + 0.5) * room) / count)), length, LETTERS),
  );
}
