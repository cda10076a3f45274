/** Sessions whose latest transaction is remembered. */
const SESSIONS_MOST = 50_000;
/** Transactions of several statements that are remembered. */
const SHARED_MOST = 100_000;

/**
 * Knows which transactions hold several statements. Under the extended protocol the log names one for a statement alone,
 * since its line is written before its own transaction ends.
 */
export class SharedTransactions {
  private readonly latest = new Map<string, string>();
  private readonly shared = new Set<string>();

  /** Notes a session's next statement, whatever it is. */
  add({ session, transaction }: { readonly session: string; readonly transaction: string | null }): void {
    if (transaction === null) return;
    if (this.latest.get(session) === transaction) keep(this.shared, keyOf(session, transaction));
    else this.latest.set(session, transaction);
    if (this.latest.size > SESSIONS_MOST) this.latest.delete(this.latest.keys().next().value ?? '');
  }

  /** Gives a call without its transaction where it is the only statement of it. */
  bound<Call extends { readonly session: string; readonly transaction: string | null }>(call: Call): Call {
    if (call.transaction === null || this.shared.has(keyOf(call.session, call.transaction))) return call;
    return { ...call, transaction: null };
  }
}

function keep(shared: Set<string>, key: string): void {
  shared.add(key);
  if (shared.size > SHARED_MOST) shared.delete(shared.values().next().value ?? '');
}

function keyOf(session: string, transaction: string): string {
  return `${session} ${transaction}`;
}
