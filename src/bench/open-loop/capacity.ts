import type { Random } from '../../random.js';
import { type Arrivals, drawn, type MixEntry, scheduleOf } from './arrivals.js';
import type { Clock } from './clock.js';
import { runOpenLoop } from './open-loop.js';

/** What measures a side: its connections and how one calls a statement. */
export interface LoadSide<Connection> {
  readonly connections: readonly Connection[];
  readonly call: Parameters<typeof runOpenLoop<Connection>>[0]['call'];
  readonly clock: Clock;
  readonly signal?: AbortSignal;
}

/** Gives the requests a second of a mix when every connection sends the next one at once. */
export async function measureCapacity<Connection>(
  side: LoadSide<Connection>,
  {
    mix,
    durationMs,
    random,
  }: { readonly mix: readonly MixEntry[]; readonly durationMs: number; readonly random: Random },
): Promise<number> {
  const { clock } = side;
  const startedAt = clock.now();
  let done = 0;
  const work = async (connection: Connection) => {
    do {
      side.signal?.throwIfAborted();
      const request = Math.floor(random() * 1_000_000);
      // A statement that fails takes its time too.
      await side.call(connection, { atMs: 0, statement: drawn(mix, random), request }).catch(() => undefined);
      done += 1;
    } while (clock.now() - startedAt < durationMs);
  };
  await Promise.all(side.connections.map(work));
  return (done * 1_000) / Math.max(1, clock.now() - startedAt);
}

/** Shares of the capacity at which the search for the knee stops by. */
const STEPS = [0.3, 0.5, 0.7, 0.85, 1] as const;

/** Waiting that is half as long as the work itself is what people feel: beyond it is the knee. */
const WAITING_SHARE = 1.5;

/** Gives the first rate at which the median response is half as long again as the service itself; null for none. */
export async function findKnee<Connection>(
  side: LoadSide<Connection>,
  options: {
    readonly mix: readonly MixEntry[];
    readonly arrivals: Arrivals;
    readonly capacityPerSecond: number;
    readonly durationMs: number;
    readonly random: Random;
  },
): Promise<number | null> {
  const { capacityPerSecond, durationMs } = options;
  for (const share of STEPS) {
    const ratePerSecond = Math.max(1, share * capacityPerSecond);
    const schedule = scheduleOf({ ...options, ratePerSecond, durationMs: durationMs / STEPS.length });
    const { response, service } = await runOpenLoop({ ...side, schedule });
    const medians = [...response.values()].map((recorder) => recorder.quantileUs(0.95));
    if (Math.max(...medians) > WAITING_SHARE * service.quantileUs(0.95)) return ratePerSecond;
  }
  return null;
}
