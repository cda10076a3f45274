import type { Progress, ProgressStep } from './model/progress.js';

/** What a progress needs of a terminal. */
export interface Terminal {
  write(text: string): unknown;
  readonly columns?: number;
}

/** Repainting more often than this only flickers. */
const REPAINT_MS = 100;
const CLEAR_LINE = '\r\u001b[K';

/**
 * Makes a progress that tells a person on a terminal what is under way, how far and for how long: one line for the
 * newest open step, and a lasting line for each that took a second or more.
 */
export function createTerminalProgress(terminal: Terminal, now: () => number = () => performance.now()): Progress {
  let paintedAt = Number.NEGATIVE_INFINITY;
  const paint = (line: string, force: boolean) => {
    if (!force && now() - paintedAt < REPAINT_MS) return;
    paintedAt = now();
    terminal.write(`${CLEAR_LINE}${line.slice(0, Math.max((terminal.columns || 80) - 1, 20))}`);
  };
  return {
    step(title: string, total?: number): ProgressStep {
      const startedAt = now();
      let note = '';
      const line = (done: number | null) =>
        [`  ${title}`, amount(done, total), note, elapsed(now() - startedAt)].filter((part) => part !== '').join('  ');
      paint(line(null), true);
      return {
        update(done, newNote) {
          note = newNote ?? note;
          paint(line(done), false);
        },
        end(summary) {
          note = summary ?? note;
          const lasting = now() - startedAt >= 1000;
          terminal.write(lasting ? `${CLEAR_LINE}${line(null)}\n` : CLEAR_LINE);
        },
      };
    },
  };
}

function amount(done: number | null, total: number | undefined): string {
  if (done === null) return '';
  return total === undefined ? String(done) : `${done}/${total}`;
}

function elapsed(durationMs: number): string {
  return durationMs < 1000 ? '' : `${(durationMs / 1000).toFixed(durationMs < 10_000 ? 1 : 0)} s`;
}
