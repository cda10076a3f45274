import { messageOf, sqlStateOf } from '../../errors.js';
import type { Log } from '../../log.js';
import type { Session } from '../../postgres/session.js';
import type { Target } from '../target.js';
import type { Databases } from './databases.js';
import { type ListKey, type Page, pageOf, readPageRequest } from './paging.js';
import { badParameter } from './problem.js';

/** Where an item stands in a list: newest first, then by id. */
export interface ItemKey {
  /** ISO-8601 in UTC, to the microsecond. */
  readonly createdAt: string;
  readonly id: string;
}

export interface TargetListParts {
  readonly databases: Databases;
  readonly targets: readonly Target[];
  readonly log: Log;
}

/** One list over several databases. */
export interface TargetList<Item extends ItemKey> {
  readonly key: ListKey;
  readonly query: ReadonlyMap<string, string>;
  /** Reads the items of one database that come after a key, at most so many. */
  readonly read: (session: Session, page: { limit: number; after?: ItemKey }) => Promise<readonly Item[]>;
}

/** A page of items that say where they are from. */
export interface TargetPage<Item> extends Page<Item & { readonly target: string }> {
  /** Targets that did not answer: their items are missing here. Not given where all did. */
  readonly unreachable?: readonly string[];
}

/** What one database has answered. */
interface TargetAnswer<Answer> {
  readonly target: string;
  readonly answer: Answer;
}

/** How many databases are asked at a time. */
const ASKED_AT_ONCE = 8;
/** The table is not there, or not as the fleet has it: there is nothing to list. */
const NO_SUCH_TABLE = new Set(['42P01', '42703', '3F000']);

/** Gives one page over the databases that the parameter `target` names, or over all. */
export async function listAcross<Item extends ItemKey>(
  parts: TargetListParts,
  { key, query, read }: TargetList<Item>,
): Promise<TargetPage<Item>> {
  const request = readPageRequest(query, key);
  const [createdAt, id] = request.after ?? [];
  const after = createdAt === undefined || id === undefined ? {} : { after: { createdAt, id } };
  const targets = chooseTargets(parts.targets, query.get('target'));
  const { answers, unreachable } = await askTargets(parts, targets, (session) =>
    read(session, { limit: request.limit, ...after }),
  );
  const found = answers.flatMap(({ target, answer }) => answer.map((item) => ({ ...item, target })));
  const page = pageOf(found.sort(newestFirst), request, { ...key, keyOf: (item) => [item.createdAt, item.id] });
  return unreachable.length === 0 ? page : { ...page, unreachable };
}

/** Asks several databases, a few at a time; those without the table in question give no answer. */
export async function askTargets<Answer>(
  { databases, log }: Pick<TargetListParts, 'databases' | 'log'>,
  targets: readonly Target[],
  ask: (session: Session) => Promise<Answer>,
): Promise<{ readonly answers: readonly TargetAnswer<Answer>[]; readonly unreachable: readonly string[] }> {
  const answers: TargetAnswer<Answer>[] = [];
  const unreachable: string[] = [];
  const askOne = async (target: Target) => {
    try {
      answers.push({ target: target.name, answer: await databases.read(target, ask) });
    } catch (error) {
      if (NO_SUCH_TABLE.has(sqlStateOf(error) ?? '')) return;
      if (targets.length === 1) throw error;
      log.warn({ target: target.name, reason: messageOf(error) }, 'target did not answer a request');
      unreachable.push(target.name);
    }
  };
  for (let at = 0; at < targets.length; at += ASKED_AT_ONCE)
    await Promise.all(targets.slice(at, at + ASKED_AT_ONCE).map(askOne));
  return { answers, unreachable: unreachable.sort() };
}

function newestFirst(left: ItemKey, right: ItemKey): number {
  if (left.createdAt !== right.createdAt) return left.createdAt < right.createdAt ? 1 : -1;
  return left.id < right.id ? 1 : -1;
}

function chooseTargets(targets: readonly Target[], wanted: string | undefined): readonly Target[] {
  if (wanted === undefined) return targets;
  const chosen = targets.filter(({ name }) => name === wanted);
  if (chosen.length > 0) return chosen;
  const names = targets.map(({ name }) => name).join(', ');
  throw badParameter(`there is no target ${JSON.stringify(wanted)}; the targets are ${names}`);
}
