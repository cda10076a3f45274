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

interface Hold {
  readonly by: BrakeReading;
  /** Since it was last told. */
  readonly sinceMs: number;
  readonly fromMs: number;
}

/** Rests of a slowed run are told together once they come to this. */
const TOLD_MS_LEAST = 1000;

/** Keeps and tells what brakes have cost a run: at the beginning of a hold, at each look during it, at its end. */
export class HoldAccount {
  private readonly options: AccountOptions;
  private readonly totals = new Map<BrakeName, Held>();
  private readonly untold = new Map<BrakeName, Held>();
  private current: Hold | null = null;

  constructor(options: AccountOptions) {
    this.options = options;
  }

  /** Notes what holds the run from now on, at the beginning of a hold, at each look and, with null, at its end. */
  hold(by: BrakeReading | null, nowMs: number): void {
    const { log, fields, tell } = this.options;
    const before = this.current;
    this.current = by === null ? null : { by, sinceMs: nowMs, fromMs: before?.fromMs ?? nowMs };
    if (before !== null) this.tellHeld(before, { nowMs, by });
    if (before === null && by !== null) {
      this.flush();
      log.info({ ...fields, brake: by.brake, detail: by.detail }, 'run held back');
    }
    if (by !== null && by.brake !== before?.by.brake) tell({ brake: by.brake, heldMs: 0, detail: by.detail });
    if (before !== null && by === null)
      log.info({ ...fields, brake: before.by.brake, heldMs: nowMs - before.fromMs }, 'hold ended');
  }

  /** A rest between batches was longer for a brake's sake. */
  slowed({ brake, detail }: BrakeReading, slowedMs: number): void {
    const heldMs = (this.untold.get(brake)?.heldMs ?? 0) + slowedMs;
    this.untold.set(brake, { brake, heldMs, detail: `slowed: ${detail}` });
    add(this.totals, { brake, heldMs: slowedMs, detail });
    if (heldMs >= TOLD_MS_LEAST) this.flush();
  }

  /** Tells what is still untold. */
  flush(): void {
    for (const held of this.untold.values()) this.options.tell(held);
    this.untold.clear();
  }

  /** Says which brakes have cost how much, the dearest first; null where none has. */
  summary(nowMs: number): string | null {
    const totals = new Map(this.totals);
    if (this.current !== null) add(totals, { ...this.current.by, heldMs: nowMs - this.current.sinceMs });
    const dearest = [...totals.values()].sort((a, b) => b.heldMs - a.heldMs);
    const parts = dearest.map(({ brake, heldMs, detail }) => `${formatDuration(heldMs)} by ${brake} (${detail})`);
    return parts.length === 0 ? null : parts.join(', ');
  }

  private tellHeld({ by: before, sinceMs }: Hold, { nowMs, by }: { nowMs: number; by: BrakeReading | null }): void {
    const { brake } = before;
    const detail = by?.brake === brake ? by.detail : before.detail;
    const held: Held = { brake, heldMs: nowMs - sinceMs, detail };
    add(this.totals, held);
    this.options.tell(held);
  }
}

function add(totals: Map<BrakeName, Held>, { brake, heldMs, detail }: Held): void {
  totals.set(brake, { brake, heldMs: (totals.get(brake)?.heldMs ?? 0) + heldMs, detail });
}
