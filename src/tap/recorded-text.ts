import { hideLiterals } from '../sql/hide-literals.js';
import { VALUES_MOST, type ValueWriter } from './value-writer.js';

/** A statement's text as it is recorded. */
export interface RecordedText {
  /** As a JSON text. */
  readonly json: string;
  readonly isComplete: boolean;
  /** Values of the constants that were taken out of it, as JSON; null where they stand in the text or are too many. */
  readonly constants: readonly string[] | null;
  /** True where constants are missing, so that no parameter can be told. */
  readonly hasTooMany: boolean;
  /** The highest `$n` of the text as the client sent it. */
  readonly parameterMost: number;
}

/** A longer text is recorded up to its first so many characters: to read all of it would take milliseconds. */
const TEXT_LENGTH_MOST = 20_000;
const CUT_LENGTH = 1000;
/** Texts that are read once only, as BEGIN and COMMIT are. */
const KNOWN_MOST = 2000;
const KNOWN_LENGTH_MOST = 1000;

/** Makes of texts what is recorded of them: without constants where values are hashed. */
export class TextReader {
  private readonly values: ValueWriter;
  private readonly known = new Map<string, readonly RecordedText[]>();

  constructor(values: ValueWriter) {
    this.values = values;
  }

  /** Gives the statements of a text; `isWhole` is false where the text goes on. */
  read(text: string, { isWhole, backslashes }: { isWhole: boolean; backslashes: boolean }): readonly RecordedText[] {
    const key = `${backslashes ? 'b' : 's'}${text}`;
    const known = this.known.get(key);
    if (known !== undefined) return known;
    const isComplete = isWhole && text.length <= TEXT_LENGTH_MOST;
    const statements = hideLiterals(isComplete ? text : text.slice(0, CUT_LENGTH), { backslashes });
    const { isHashed } = this.values;
    const read = statements.map(({ original, text: hidden, values, parameterMost }, place) => {
      const hasTooMany = isHashed && values.length > VALUES_MOST;
      return {
        json: JSON.stringify(isHashed ? hidden : original),
        isComplete: isComplete || place < statements.length - 1,
        constants: isHashed && !hasTooMany ? values.map((value) => this.values.json(value)) : null,
        ...{ hasTooMany, parameterMost },
      };
    });
    if (isWhole && text.length <= KNOWN_LENGTH_MOST) this.remember(key, read);
    return read;
  }

  private remember(key: string, read: readonly RecordedText[]): void {
    // The oldest half goes at once: a text with values in it is seldom seen again.
    if (this.known.size >= KNOWN_MOST)
      for (const old of [...this.known.keys()].slice(0, KNOWN_MOST / 2)) this.known.delete(old);
    this.known.set(key, read);
  }
}
