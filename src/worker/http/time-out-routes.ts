import { commandHistory, listTimeouts } from '../../jobs/time-out/history.js';
import { MOMENT, PAGE_PARAMETERS, UUID } from './paging.js';
import { badParameter } from './problem.js';
import { type Exchange, jsonReply, type Reply, type Route } from './route.js';
import { listAcross, type TargetListParts } from './target-list.js';

const TIMEOUTS = { list: 'timeouts', parts: [MOMENT, UUID] } as const;
const COMMANDS = { list: 'commands', parts: [MOMENT, UUID] } as const;

/** Gives the API of the fleet's time-outs and of its commands with their time-outs. */
export function timeOutRoutes(parts: TargetListParts): readonly Route[] {
  return [
    {
      ...{ method: 'GET', path: '/api/v1/timeouts', access: 'read' },
      parameters: [...PAGE_PARAMETERS, 'target', 'agent_id', 'command_id', 'command_type', 'since', 'until'],
      answer: (exchange) => timeouts(parts, exchange),
    },
    {
      ...{ method: 'GET', path: '/api/v1/commands/history', access: 'read' },
      parameters: [...PAGE_PARAMETERS, 'target', 'agent_id', 'command_id', 'include_timeout'],
      answer: (exchange) => history(parts, exchange),
    },
  ];
}

async function timeouts(parts: TargetListParts, { query }: Exchange): Promise<Reply> {
  const commandType = query.get('command_type');
  const filter = {
    ...idsOf(query),
    ...momentOf(query, 'since'),
    ...momentOf(query, 'until'),
    ...(commandType === undefined ? {} : { commandType }),
  };
  const page = await listAcross(parts, {
    ...{ key: TIMEOUTS, query },
    // The list itself reads one row beyond the limit; a page over several databases needs it.
    read: async (session, { limit, after }) =>
      (await listTimeouts(session, { ...filter, limit: limit + 1, ...(after === undefined ? {} : { after }) })).items,
  });
  return jsonReply(200, page);
}

async function history(parts: TargetListParts, { query }: Exchange): Promise<Reply> {
  const asked = query.get('include_timeout') ?? 'false';
  if (!['true', 'false'].includes(asked))
    throw badParameter(`include_timeout is ${JSON.stringify(asked)}; allowed: true, false`);
  const filter = { ...idsOf(query), includeTimeout: asked === 'true' };
  const page = await listAcross(parts, {
    ...{ key: COMMANDS, query },
    read: async (session, { limit, after }) =>
      (await commandHistory(session, { ...filter, limit: limit + 1, ...(after === undefined ? {} : { after }) })).items,
  });
  return jsonReply(200, page);
}

function idsOf(query: ReadonlyMap<string, string>): { readonly agentId?: string; readonly commandId?: string } {
  const [agentId, commandId] = ['agent_id', 'command_id'].map((name) => {
    const value = query.get(name)?.toLowerCase();
    if (value !== undefined && !UUID.test(value))
      throw badParameter(`${name} is ${JSON.stringify(value)}; a uuid is expected`);
    return value;
  });
  return { ...(agentId === undefined ? {} : { agentId }), ...(commandId === undefined ? {} : { commandId }) };
}

function momentOf<Name extends string>(
  query: ReadonlyMap<string, string>,
  name: Name,
): { readonly [key in Name]?: string } {
  const value = query.get(name);
  if (value === undefined) return {};
  const isMoment = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d))?$/.test(value);
  if (!isMoment || Number.isNaN(Date.parse(value)))
    throw badParameter(`${name} is ${JSON.stringify(value)}; a time such as 2026-01-31T12:00:00Z is expected`);
  return { [name]: new Date(value).toISOString() } as { readonly [key in Name]?: string };
}
