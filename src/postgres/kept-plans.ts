interface Plan {
  readonly name: string;
  /** Calls that it is made for. */
  readonly calls: number;
  readonly called: number;
}

/**
 * Gives the names of prepared statements under which plans are kept. A plan suits its tables as they were when it was
 * made, and whoever fills an empty table makes it unfit: so the first is for one call, and each one after it for twice
 * as many as the one before. Batches of a size never more than double what a table had when its plan was made. Those
 * that are over stay until the session closes: there are few, and one whose making failed could not be taken back.
 */
export class KeptPlans {
  private readonly plans = new Map<string, Plan>();
  private made = 0;

  /** Gives the name for the next call of a statement. */
  next(text: string): string {
    const plan = this.plans.get(text);
    if (plan !== undefined && plan.called < plan.calls) {
      this.plans.set(text, { ...plan, called: plan.called + 1 });
      return plan.name;
    }
    this.made += 1;
    const name = `planned_${this.made}`;
    this.plans.set(text, { name, calls: plan === undefined ? 1 : plan.calls * 2, called: 1 });
    return name;
  }
}
