import { messageOf } from '../../errors.js';
import type { Log } from '../../log.js';
import type { Target } from '../target.js';
import type { WorkerView } from '../worker-view.js';
import type { Databases } from './databases.js';
import { holdAnswer } from './hold-answer.js';
import { jsonReply, type Route } from './route.js';

export interface ProbeParts {
  readonly worker: WorkerView;
  readonly databases: Databases;
  readonly home: Target;
  readonly log: Log;
}

/** How long an answer of readyz holds. */
const HOLDS_MS = 1000;

/** Gives the probes: does the process live, and should it be sent work? */
export function probeRoutes(parts: ProbeParts): readonly Route[] {
  const reasonsNow = holdAnswer(HOLDS_MS, () => findReasons(parts));
  return [
    {
      ...{ method: 'GET', path: '/healthz', access: 'anyone', isProbe: true },
      answer: async () => jsonReply(200, { status: 'ok' }),
    },
    {
      ...{ method: 'GET', path: '/readyz', access: 'anyone', isProbe: true },
      answer: async () => {
        const reasons = await reasonsNow();
        return jsonReply(reasons.length === 0 ? 200 : 503, { ready: reasons.length === 0, reasons });
      },
    },
  ];
}

/** The worker looks at its databases every few seconds; a probe wants to know of this moment. */
async function findReasons({ worker, databases, home, log }: ProbeParts): Promise<readonly string[]> {
  try {
    await databases.use(home, (session) => session.query('SELECT'));
    return worker.obstacles();
  } catch (error) {
    log.debug({ reason: messageOf(error) }, 'home database does not answer');
    return [...new Set([...worker.obstacles(), 'the home database does not answer'])];
  }
}
