import pg from 'pg';
import { Draw } from '../draw.js';

/** One of several clients that work at the same time. */
export interface Lane {
  readonly draw: Draw;
  query(text: string, values?: readonly unknown[]): Promise<readonly Record<string, unknown>[]>;
  /** Runs statements on one connection. */
  onOne(work: (query: Lane['query']) => Promise<void>): Promise<void>;
  pause(mostMs: number): Promise<void>;
}

/** Lets several clients of one pool take turn after turn until about so many statements were run; gives how many. */
export async function runLanes(
  url: string,
  { statements, seed, lanes }: { readonly statements: number; readonly seed: number; readonly lanes: number },
  turn: (lane: Lane, place: number) => Promise<void>,
): Promise<number> {
  const pool = new pg.Pool({ connectionString: url, max: lanes });
  let ran = 0;
  const queryBy = (client: Pick<pg.Client, 'query'>): Lane['query'] => {
    return async (text, values) => {
      ran += 1;
      return (await client.query(text, values === undefined ? undefined : [...values])).rows;
    };
  };
  const runLane = async (place: number) => {
    const draw = new Draw(seed * 31 + place);
    const lane: Lane = {
      draw,
      query: queryBy(pool as unknown as Pick<pg.Client, 'query'>),
      onOne: async (work) => {
        const client = await pool.connect();
        await work(queryBy(client));
        client.release();
      },
      pause: (mostMs) => new Promise((resolve) => setTimeout(resolve, draw.between(0, mostMs))),
    };
    while (ran < statements) await turn(lane, place);
  };
  await Promise.all(Array.from({ length: lanes }, (_, place) => runLane(place)));
  await pool.end();
  return ran;
}
