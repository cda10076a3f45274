import type { Log } from '../log.js';
import type { Progress } from '../model/progress.js';
import type { SectionName, Settings } from '../settings-schema.js';

/** One command of the program: what it takes and what it does. */
export interface Command {
  /** `advise`, `migrate up`. */
  readonly name: string;
  readonly summary: string;
  /** Section of the settings whose keys are its flags; null for none. */
  readonly section: SectionName | null;
  /** Keys of the section that are flags of this command; all where not given. */
  readonly flags?: readonly string[];
  /** What may stand behind the name, as help shows it: `[ID]`. */
  readonly operands?: string;
  /** How long its end may take once it is stopped; 20 s where not given. */
  readonly endingSeconds?: (settings: Settings) => number;
  /** Text for `--help` below the flags. */
  readonly notes?: string;
  /** Does the work and gives the exit status. */
  run(context: CommandContext): Promise<number>;
}

export interface CommandContext {
  readonly settings: Settings;
  /** Paths of the settings that were given as flags: `databaseUrl`. */
  readonly flags: ReadonlySet<string>;
  readonly operands: readonly string[];
  readonly version: string;
  readonly log: Log;
  readonly progress: Progress;
  /** Aborted by the first Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
  /**
   * Does work that the first Ctrl-C or SIGTERM only asks to end, so that what has come out of it can be told; the next
   * one is an interruption as always.
   */
  untilStopped<T>(work: (stop: AbortSignal) => Promise<T>): Promise<T>;
  /** The result goes here, or to `--output`. */
  writeResult(text: string, file: string | undefined): Promise<void>;
  /** True when the result goes to a terminal that wants colour. */
  readonly color: boolean;
  /** Columns of the terminal, or 100. */
  readonly width: number;
}
