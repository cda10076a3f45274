import type { ChildProcess } from 'node:child_process';
import { rmSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import { type Held, hold, release } from './held.js';
import { isRunning } from './living.js';
import type { PrivateFolder } from './private-folder.js';

/** A postmaster that was told to quit kills its own stubborn children after 5 s; then it is our turn. */
const QUIT_DEADLINE_MS = 7_000;
const POLL_MS = 5;
/** A server that has just ended may still be giving back files. */
const REMOVAL = { recursive: true, force: true, maxRetries: 10, retryDelay: 50 } as const;

/** One server's folder and whatever process works in it now; both end together, at the latest with the program. */
export class ServerLife implements Held {
  private readonly folder: PrivateFolder;
  private processId: number | null = null;
  private child: ChildProcess | null = null;
  private isGroup = false;
  private ending: Promise<void> | null = null;

  constructor(folder: PrivateFolder) {
    this.folder = folder;
    hold(this);
  }

  /** Takes a process into this life; `group` when its own children have to end with it. */
  adopt(child: ChildProcess, options: { group: boolean }): void {
    this.child = child;
    this.processId = child.pid ?? null;
    this.isGroup = options.group;
  }

  end(): Promise<void> {
    this.ending ??= this.endOnce();
    return this.ending;
  }

  endNow(): void {
    this.signal('SIGQUIT');
    const deadline = Date.now() + QUIT_DEADLINE_MS;
    while (this.runs() && Date.now() < deadline) waitNow(POLL_MS);
    this.signal('SIGKILL');
    rmSync(this.folder.path, REMOVAL);
  }

  private async endOnce(): Promise<void> {
    // The child no longer keeps the program alive, its end must.
    this.child?.ref();
    this.signal('SIGQUIT');
    const deadline = Date.now() + QUIT_DEADLINE_MS;
    while (this.runs() && Date.now() < deadline) await delay(POLL_MS);
    this.signal('SIGKILL');
    await rm(this.folder.path, REMOVAL);
    release(this);
  }

  private runs(): boolean {
    return this.processId !== null && isRunning(this.processId);
  }

  private signal(signal: NodeJS.Signals): void {
    if (this.processId === null || !this.runs()) return;
    try {
      process.kill(this.isGroup ? -this.processId : this.processId, signal);
    } catch (error) {
      // It ended between the look and the signal.
      if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
    }
  }
}

function waitNow(durationMs: number): void {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, durationMs);
}
