/** A statement of the application's source: one place in its code, or several that send one text. */
export interface Statement {
  readonly text: string;
  readonly kind: 'select' | 'insert' | 'update' | 'delete' | 'upsert';
  /** It reads through a table that connects two others. */
  readonly isThroughJunction?: boolean;
}

export interface Call {
  readonly statement: Statement;
  readonly values: readonly unknown[];
  readonly request: number;
  readonly frame: LoopFrame | null;
  /** The call whose row gave the values, where that is not the loop's. */
  readonly from: Call | null;
}

/** One run of a loop of the application's source. */
export interface LoopFrame {
  /** The call whose rows it goes through; null where they come from elsewhere. */
  readonly source: Call | null;
  readonly outer: LoopFrame | null;
}

/** What a program really did: its calls with the loops around them, kept beside the database and never sent to it. */
export class CallTree {
  readonly calls: Call[] = [];

  add(call: Call): Call {
    this.calls.push(call);
    return call;
  }
}
