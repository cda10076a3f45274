import { type FindingFilter, KeptFindings } from '../../jobs/findings/kept-findings.js';
import type { Severity } from '../../model/finding.js';
import type { KeptFinding } from '../../model/kept-finding.js';
import type { Session } from '../../postgres/session.js';
import { MOMENT, PAGE_PARAMETERS } from './paging.js';
import { badParameter } from './problem.js';
import { type Exchange, jsonReply, type Reply, type Route } from './route.js';
import { type ItemKey, listAcross, type TargetListParts } from './target-list.js';

export interface FindingParts extends TargetListParts {
  readonly ownSchema: string;
}

const FINDINGS = { list: 'findings', parts: [MOMENT, /^[^\0]+$/] } as const;
const SEVERITIES = ['info', 'warn', 'error'];
const STATES = ['open', 'resolved', 'all'];

/** Gives the API of the findings that the job `advise` keeps. */
export function findingRoutes(parts: FindingParts): readonly Route[] {
  return [
    {
      ...{ method: 'GET', path: '/api/v1/findings', access: 'read' },
      parameters: [...PAGE_PARAMETERS, 'target', 'rule', 'severity', 'state'],
      answer: (exchange) => findings(parts, exchange),
    },
  ];
}

async function findings(parts: FindingParts, { query }: Exchange): Promise<Reply> {
  const filter = {
    ruleId: query.get('rule'),
    severity: oneOf(query, 'severity', SEVERITIES) as Severity | undefined,
    state: (oneOf(query, 'state', STATES) ?? 'open') as FindingFilter['state'],
  };
  const kept = new KeptFindings(parts.ownSchema);
  const page = await listAcross(parts, {
    ...{ key: FINDINGS, query },
    read: async (session: Session, { limit, after }) => {
      const place = after === undefined ? {} : { after: placeOf(after) };
      return (await kept.list(session, { ...filter, limit: limit + 1, ...place })).map(asItem);
    },
  });
  return jsonReply(200, { ...page, items: page.items.map(({ createdAt: _, id: __, ...finding }) => finding) });
}

/** Names of jobs have no space, so the first one ends it. */
function asItem(finding: KeptFinding): KeptFinding & ItemKey {
  return { ...finding, createdAt: finding.firstSeenAt, id: `${finding.job} ${finding.key}` };
}

function placeOf({ createdAt, id }: ItemKey): Pick<KeptFinding, 'firstSeenAt' | 'job' | 'key'> {
  const space = id.indexOf(' ');
  return { firstSeenAt: createdAt, job: id.slice(0, space), key: id.slice(space + 1) };
}

function oneOf(query: ReadonlyMap<string, string>, name: string, allowed: readonly string[]): string | undefined {
  const value = query.get(name);
  if (value === undefined || allowed.includes(value)) return value;
  throw badParameter(`${name} is ${JSON.stringify(value)}; allowed: ${allowed.join(', ')}`);
}
