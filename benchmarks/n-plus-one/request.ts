import type { Call, CallTree, LoopFrame, Statement } from './call-tree.js';
import type { Draw } from './draw.js';

export type Row = Readonly<Record<string, unknown>>;

/** Sends one statement and gives its rows. */
export type Send = (text: string, values: readonly unknown[]) => Promise<readonly Row[]>;

export interface RequestRun {
  readonly tree: CallTree;
  readonly request: number;
  readonly send: Send;
  readonly draw: Draw;
  /** The application works so long on a row, at most. */
  readonly thinkMs: number;
  /** The program waits for one call of a loop before it makes the next. */
  readonly isSequential: boolean;
  /** All statements of the request go through one connection. */
  readonly isOnOneConnection: boolean;
}

/** What a handler of the synthesised application sees: it runs statements, alone or in loops, and all of it is noted. */
export class Scope {
  private static readonly made = new WeakMap<Row, Call>();
  private readonly run: RequestRun;
  private readonly frame: LoopFrame | null;

  constructor(run: RequestRun, frame: LoopFrame | null = null) {
    this.run = run;
    this.frame = frame;
  }

  get draw(): Draw {
    return this.run.draw;
  }

  get isOnOneConnection(): boolean {
    return this.run.isOnOneConnection;
  }

  /** Runs a statement; `from` is the row that its values were taken from. */
  async call(statement: Statement, values: readonly unknown[], from?: Row): Promise<readonly Row[]> {
    const source = from === undefined ? null : (Scope.made.get(from) ?? null);
    const call = this.run.tree.add({ statement, values, request: this.run.request, frame: this.frame, from: source });
    const rows = await this.run.send(statement.text, values);
    for (const row of rows) Scope.made.set(row, call);
    return rows;
  }

  /** Goes through rows of a call, or through what came from elsewhere. */
  async each<T>(items: readonly T[], body: (item: T, scope: Scope) => Promise<unknown>): Promise<void> {
    const [first] = items;
    const source = typeof first === 'object' && first !== null ? (Scope.made.get(first as Row) ?? null) : null;
    const inner = new Scope(this.run, { source, outer: this.frame });
    if (!this.run.isSequential) {
      await Promise.all(items.map((item) => body(item, inner)));
      return;
    }
    for (const item of items) {
      await this.pause(this.run.thinkMs);
      // A body that gives false leaves the loop.
      if ((await body(item, inner)) === false) return;
    }
  }

  /** Waits up to so long. */
  async pause(mostMs: number): Promise<void> {
    const waitMs = this.run.draw.between(0, mostMs);
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
  }
}
