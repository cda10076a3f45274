import type { BrakeName } from '../../jobs/brakes.js';
import type { Log } from '../../log.js';
import { formatDuration } from '../../report/units.js';
import type { BrakeReading } from './brake-watch.js';

/** What a brake has cost a run since it was last told. */
export interface Held {
  readonly brake: BrakeName;
  readonly heldMs: number;
  readonly detail: string;
}

export interface AccountOptions {
  readonly tell: (held: Held) => void;
  readonly log: Log;
  /** Fields of the log's lines: job, target, run. */
  readonly fields: Readonly<Record<string, string>>;
}

/** Rests of a slowed run are told together once they come to this. */
const TOLD_MS_LEAST = 1000;

/** Keeps and tells what brakes have cost a run: at the beginning of a hold, at each look during it, at its end. */
export class HoldAccount {
  private readonly options: AccountOptions;
  private readonly totals = new Map<BrakeName, Held>();
  private readonly untold = new Map<BrakeName, Held>();
  private holdMs = 0;

  constructor(options: AccountOptions) {
    this.options = options;
  }

  /** A hold begins. */
  beginHold({ brake, detail }: BrakeReading): void {
    this.flush();
    this.holdMs = 0;
    this.options.log.info({ ...this.options.fields, brake, detail }, 'run held back');
    this.options.tell({ brake, heldMs: 0, detail });
  }

  /** One look further in a hold; `now` is what holds from here on, null where it is over. */
  held(by: BrakeReading, { heldMs, now }: { readonly heldMs: number; readonly now: BrakeReading | null }): void {
    const { brake } = by;
    const detail = now?.brake === brake ? now.detail : by.detail;
    this.add({ brake, heldMs, detail });
    this.options.tell({ brake, heldMs, detail });
    this.holdMs += heldMs;
    if (now === null) this.options.log.info({ ...this.options.fields, brake, heldMs: this.holdMs }, 'run goes on');
    else if (now.brake !== brake) this.options.tell({ brake: now.brake, heldMs: 0, detail: now.detail });
  }

  /** A rest between batches was longer for a brake's sake. */
  slowed({ brake, detail }: BrakeReading, slowedMs: number): void {
    const heldMs = (this.untold.get(brake)?.heldMs ?? 0) + slowedMs;
    this.untold.set(brake, { brake, heldMs, detail: `slowed: ${detail}` });
    this.add({ brake, heldMs: slowedMs, detail });
    if (heldMs >= TOLD_MS_LEAST) this.flush();
  }

  /** Tells what is still untold. */
  flush(): void {
    for (const held of this.untold.values()) this.options.tell(held);
    this.untold.clear();
  }

  /** Says which brakes cost how much, the dearest first; null where none did. */
  summary(): string | null {
    const dearest = [...this.totals.values()].sort((a, b) => b.heldMs - a.heldMs);
    const parts = dearest.map(({ brake, heldMs, detail }) => `${formatDuration(heldMs)} by ${brake} (${detail})`);
    return parts.length === 0 ? null : parts.join(', ');
  }

  private add({ brake, heldMs, detail }: Held): void {
    this.totals.set(brake, { brake, heldMs: (this.totals.get(brake)?.heldMs ?? 0) + heldMs, detail });
  }
}
