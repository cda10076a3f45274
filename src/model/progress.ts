/** Tells a person how far long work has come; silent where nobody watches. */
export interface Progress {
  /** Begins a step; `total` is its size in the step's own unit, undefined when it is not known. */
  step(title: string, total?: number): ProgressStep;
}

export interface ProgressStep {
  /** Says that `done` of the total is done, with an optional word on what is under way. */
  update(done: number, note?: string): void;
  /** Ends the step; `summary` replaces the title's note. */
  end(summary?: string): void;
}

/** A progress that tells nobody. */
export const silentProgress: Progress = {
  step: () => ({ update: () => undefined, end: () => undefined }),
};
