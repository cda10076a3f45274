import type { Progress } from '../model/progress.js';
import type { MigrateEvent } from './run.js';

/** Tells a person what a run does, and ends with it. */
export interface RunProgress {
  tell(event: MigrateEvent): void;
  end(summary: string): void;
}

/** Shows a run of so many files as one step, with a note on what is under way or waited for. */
export function showRun(progress: Progress, total: number): RunProgress {
  const step = progress.step('Migrations', total);
  let done = 0;
  return {
    tell: (event) => {
      if (event.kind === 'done') done += 1;
      step.update(done, noteOf(event));
    },
    end: (summary) => step.end(summary),
  };
}

function noteOf(event: MigrateEvent): string {
  switch (event.kind) {
    case 'lease awaited':
      return `waiting for ${event.holder}, who is migrating`;
    case 'started':
      return `${event.version} ${event.name}`;
    case 'lock awaited':
      return `${event.version} waits for ${event.blockers}`;
    case 'index build':
      return `${event.version}: ${event.phase}`;
    case 'invalid index dropped':
      return `${event.version}: dropped the INVALID index ${event.index}`;
    case 'done':
      return `${event.version} in ${Math.round(event.durationMs)} ms`;
  }
}
