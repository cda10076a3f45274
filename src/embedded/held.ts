/** Something of a server that must not outlive the program. */
export interface Held {
  end(): Promise<void>;
  /** Ends it before it returns: for the moment in which a program exits and nothing can be awaited any more. */
  endNow(): void;
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

const held = new Set<Held>();
let listening = false;

/** Sees to it that this ends with the program: on exit, on an uncaught exception, on Ctrl-C. */
export function hold(thing: Held): void {
  held.add(thing);
  listen();
}

/** Says that this has ended by itself. */
export function release(thing: Held): void {
  held.delete(thing);
  if (held.size === 0) stopListening();
}

/**
 * Stops every server that this program started and removes its folder. For programs with signal handlers of their
 * own; without one, and at exit in any case, it happens by itself.
 */
export async function stopAllServers(): Promise<void> {
  await Promise.all([...held].map((thing) => thing.end()));
}

function listen(): void {
  if (listening) return;
  listening = true;
  process.on('exit', endAllNow);
  for (const signal of SIGNALS) process.on(signal, onSignal);
}

function stopListening(): void {
  listening = false;
  process.off('exit', endAllNow);
  for (const signal of SIGNALS) process.off(signal, onSignal);
}

function endAllNow(): void {
  for (const thing of held) thing.endNow();
  held.clear();
}

function onSignal(signal: NodeJS.Signals): void {
  // Another listener means that the program has its own way to end; the exit handler comes after it.
  if (process.listenerCount(signal) > 1) return;
  endAllNow();
  stopListening();
  // Without a listener the signal does what it does by default, so that the parent sees the true cause.
  process.kill(process.pid, signal);
}
