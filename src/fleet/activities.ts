import { drawn, drawnAgent, drawnUuid, type FleetSample, minutesBefore } from './sample.js';
import type { FleetStatement } from './statement.js';
import { fleetStatement } from './statements.js';

interface FleetCall {
  readonly statement: FleetStatement;
  readonly parameters: readonly unknown[];
}

/** Calls that one connection makes one after the other, as one request or one service of the server does. */
export type FleetActivity = readonly FleetCall[];

/** How often something happens in five minutes, and from which round on in how many. */
interface Habit {
  readonly name: string;
  readonly times: number;
  /** Every so many rounds; each where not given. */
  readonly every?: number;
}

/** Single statements of agents and people: polling is the most frequent, reports for people are rare. */
const HABITS: readonly Habit[] = [
  { name: 'pending-commands', times: 180 },
  { name: 'heartbeat', times: 120 },
  { name: 'token-by-hash', times: 60 },
  { name: 'renew-token', times: 15 },
  { name: 'insert-log', times: 20 },
  { name: 'insert-metrics', times: 10 },
  { name: 'insert-batch', times: 2 },
  { name: 'current-updates-page', times: 8 },
  { name: 'current-updates-count', times: 4 },
  { name: 'package-history', times: 12 },
  { name: 'version-history', times: 6 },
  { name: 'unified-history', times: 3 },
  { name: 'agent-detail', times: 12 },
  { name: 'command-log', times: 10 },
  { name: 'disk-usage', times: 8 },
  { name: 'agent-errors', times: 6 },
  { name: 'recent-events', times: 3 },
  { name: 'due-subsystems', times: 5 },
  { name: 'open-incidents', times: 2 },
  { name: 'stuck-commands', times: 1 },
  { name: 'states-by-text-ids', times: 1 },
  { name: 'offline-sweep', times: 2 },
  { name: 'failed-logs', times: 1, every: 2 },
  { name: 'update-summary', times: 1, every: 2 },
  { name: 'joined-without-agent', times: 1, every: 3 },
  { name: 'archive-retried-commands', times: 1, every: 6 },
  { name: 'expired-token-count', times: 1, every: 6 },
  { name: 'last-scan-per-agent', times: 1, every: 6 },
];

const LOOP_EVERY = 6;
const COMMANDS = 8;
const EVENTS = 6;
const APPROVALS = 25;

/** What happens in one period of five minutes, in the order in which connections take it up. */
export function plannedActivities(sample: FleetSample, round: number): readonly FleetActivity[] {
  const habits = HABITS.filter(({ every = 1 }) => round % every === 0).flatMap(({ name, times }) =>
    Array.from({ length: times }, () => [drawnCall(name, sample)]),
  );
  return [
    sweep(sample),
    ...(round % LOOP_EVERY === 1 ? [dashboard(sample)] : []),
    bulkApproval(sample),
    ...Array.from({ length: COMMANDS }, () => commandLife(sample)),
    ...Array.from({ length: EVENTS }, () => eventReport(sample)),
    ...shuffled(habits, sample),
  ];
}

/** The timeout service: both looks, then each command of its own that has waited too long, row by row. */
function sweep(sample: FleetSample): FleetActivity {
  const id = drawnUuid(sample);
  const agentId = drawnAgent(sample);
  const [, , ...timeout] = fleetStatement('insert-timeout-log').parameters(sample);
  return [
    call('insert-command', [id, agentId, 'scan_updates', '{}', minutesBefore(sample, 45)]),
    drawnCall('sweep-pending-commands', sample),
    drawnCall('sweep-sent-commands', sample),
    call('time-out-command', [id]),
    call('insert-timeout-log', [agentId, id, ...timeout]),
  ];
}

/** The dashboard asks for the agents, and then for each agent. */
function dashboard(sample: FleetSample): FleetActivity {
  return [drawnCall('agent-list', sample), ...sample.agentIds.map((agentId) => call('agent-statistics', [agentId]))];
}

/** A person approves one package after the other; the approval is withdrawn at the end, so that they stay pending. */
function bulkApproval(sample: FleetSample): FleetActivity {
  const ids = Array.from({ length: APPROVALS }, () => drawn(sample.pendingStateIds, sample));
  const userId = drawn(sample.userIds, sample);
  return [...ids.map((id) => call('approve-update', [id, userId])), call('withdraw-approvals', [ids])];
}

/** From the request to the result. */
function commandLife(sample: FleetSample): FleetActivity {
  const id = drawnUuid(sample);
  const agentId = drawnAgent(sample);
  return [
    call('insert-command', [id, agentId, 'scan_updates', '{"requested_by": "schedule"}', sample.now.toISOString()]),
    call('pending-commands', [agentId]),
    call('mark-command-sent', [id]),
    call('complete-command', [id, '{"exit_code": 0}']),
    call('insert-log', [agentId, id, 'scan_updates', 'success', 0, 1]),
  ];
}

/** An event is appended and folded. */
function eventReport(sample: FleetSample): FleetActivity {
  const event = drawnCall('append-event', sample);
  return [event, call('fold-event', event.parameters.slice(1, 7))];
}

function call(name: string, parameters: readonly unknown[]): FleetCall {
  return { statement: fleetStatement(name), parameters };
}

function drawnCall(name: string, sample: FleetSample): FleetCall {
  const statement = fleetStatement(name);
  return { statement, parameters: statement.parameters(sample) };
}

function shuffled<T>(items: readonly T[], sample: FleetSample): T[] {
  return items
    .map((item) => ({ item, at: sample.random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ item }) => item);
}
