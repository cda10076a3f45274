import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type Held, hold, release } from './held.js';
import { isRunning, sendSignal } from './living.js';
import { hasExited } from './postmaster.js';
import type { PrivateFolder } from './private-folder.js';

/** A postmaster that was told to quit kills its own stubborn children after 5 s; then it is our turn. */
const END_DEADLINE_MS = 7_000;
const POLL_MS = 5;
/** A server that has just ended may still be giving back files. */
const REMOVAL = { recursive: true, force: true, maxRetries: 10, retryDelay: 50 } as const;

/** How a process is asked to end, and whether its own children have to be ended with it. */
export interface Manner {
  readonly signal: NodeJS.Signals;
  readonly group: boolean;
}

/** One server's folder and whatever process works in it now; both end together, at the latest with the program. */
export class ServerLife implements Held {
  private folder: PrivateFolder | null = null;
  private child: ChildProcess | null = null;
  private manner: Manner = { signal: 'SIGTERM', group: false };
  private ending: Promise<void> | null = null;

  /** Begins before there is a folder: a signal that comes while it is made must find a listener. */
  constructor() {
    hold(this);
  }

  own(folder: PrivateFolder): PrivateFolder {
    this.folder = folder;
    return folder;
  }

  /** Takes a process into this life, or ends it at once where this life is already over. */
  adopt(child: ChildProcess, manner: Manner): void {
    this.child = child;
    this.manner = manner;
    if (this.isOver) this.insist();
  }

  get isOver(): boolean {
    return this.ending !== null;
  }

  end(): Promise<void> {
    this.ending ??= this.endOnce();
    return this.ending;
  }

  endNow(): void {
    const deadline = this.ask();
    while (this.runs() && Date.now() < deadline) waitNow(POLL_MS);
    this.insist();
    if (this.folder !== null) rmSync(this.folder.path, REMOVAL);
  }

  private async endOnce(): Promise<void> {
    const deadline = this.ask();
    while (this.runs() && Date.now() < deadline) await delay(POLL_MS);
    this.insist();
    if (this.folder !== null) await rm(this.folder.path, REMOVAL);
    release(this);
  }

  private ask(): number {
    if (this.child?.pid !== undefined && this.runs()) sendSignal(this.child.pid, this.manner.signal);
    return Date.now() + END_DEADLINE_MS;
  }

  private insist(): void {
    if (this.child?.pid === undefined || !this.runs()) return;
    sendSignal(this.manner.group ? -this.child.pid : this.child.pid, 'SIGKILL');
  }

  private runs(): boolean {
    return this.child?.pid !== undefined && !hasExited(this.child) && isRunning(this.child.pid);
  }
}

function waitNow(durationMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
}
