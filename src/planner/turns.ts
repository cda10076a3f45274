/** Lets tasks that share one connection run one after the other, in the order in which they were given. */
export class Turns {
  private last: Promise<unknown> = Promise.resolve();

  take<Result>(task: () => Promise<Result>): Promise<Result> {
    const turn = this.last.then(task);
    // The next task runs whether this one fails or not; its own caller hears of the failure.
    this.last = turn.catch(() => undefined);
    return turn;
  }
}
