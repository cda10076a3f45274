import { Agent, request } from 'node:http';
import type { BeforeAfter } from '../../model/before-after.js';
import type { BenchDriver } from '../../model/bench-load.js';
import type { DriverTargets, Side } from '../driver.js';
import { startStatementServer, statementPath } from '../http-server.js';
import { callStatement, closeLanes, type Lanes, openLanes } from '../lane.js';
import { parametersOf } from '../scenario.js';
import type { Arrival, MixEntry } from './arrivals.js';

/** Brings one request at a time to a side; rejects where it fails. */
export type LoadConnection = (arrival: Arrival) => Promise<unknown>;

/** The connections of both sides, as many on each. */
export interface LoadConnections extends BeforeAfter<readonly LoadConnection[]> {
  close(): Promise<void>;
}

export interface LoadConnectionsOptions {
  readonly driver: BenchDriver;
  readonly targets: DriverTargets;
  readonly mix: readonly MixEntry[];
  readonly perSide: number;
}

/** Opens connections that call prepared statements directly, or keep-alive ones to a small HTTP server that calls them. */
export async function openLoadConnections(options: LoadConnectionsOptions): Promise<LoadConnections> {
  const lanes = await openLanes(options.targets, options.perSide);
  if (options.driver === 'pg') return direct(lanes);
  try {
    return await overHttp(lanes, options);
  } catch (error) {
    await closeLanes(lanes);
    throw error;
  }
}

function direct(lanes: Lanes): LoadConnections {
  const connectionsOf = (side: Side) =>
    lanes[side].sessions.map((session): LoadConnection => {
      return ({ statement, request: number }) => callStatement(session, statement, parametersOf(statement, number));
    });
  return { before: connectionsOf('before'), after: connectionsOf('after'), close: () => closeLanes(lanes) };
}

async function overHttp(lanes: Lanes, { mix, perSide }: LoadConnectionsOptions): Promise<LoadConnections> {
  const server = await startStatementServer(lanes, perSide);
  for (const { statement } of mix) server.add(statement);
  const agents: Agent[] = [];
  const connectionsOf = (side: Side) =>
    Array.from({ length: perSide }, (): LoadConnection => {
      const agent = new Agent({ keepAlive: true, maxSockets: 1 });
      agents.push(agent);
      return ({ statement, request: set }) =>
        send(agent, `${server.url}${statementPath(statement, { side, lane: 0, set })}`, statement.writes);
    });
  return {
    before: connectionsOf('before'),
    after: connectionsOf('after'),
    async close() {
      await closeLanes(lanes);
      for (const agent of agents) agent.destroy();
      await server.close();
    },
  };
}

function send(agent: Agent, url: string, writes: boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { agent, method: writes ? 'POST' : 'GET' }, (response) => {
      response.on('error', reject);
      response.on('end', () => {
        const { statusCode = 0 } = response;
        if (statusCode >= 200 && statusCode < 300) resolve();
        else reject(new Error(`${url} answers ${statusCode}`));
      });
      response.resume();
    });
    sent.on('error', reject);
    sent.end();
  });
}
