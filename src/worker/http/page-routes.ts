import type { IncomingMessage } from 'node:http';
import { renderDashboard } from '../../report/runs/dashboard.js';
import { RUNS_POLICY } from '../../report/runs/page.js';
import { renderSignIn } from '../../report/runs/sign-in.js';
import { type Access, COOKIE } from './access.js';
import { collectDashboard, type DashboardParts } from './collect-dashboard.js';
import { badParameter, Problem } from './problem.js';
import { readBody } from './request.js';
import type { Exchange, Reply, Route } from './route.js';

export interface PageParts extends DashboardParts {
  readonly access: Access;
}

/** Seconds after which a page may ask again by itself. */
const REFRESH_SECONDS = [5, 3600] as const;

/** Gives the pages for people: the dashboard, and the form that asks for a token where it is not open. */
export function pageRoutes(parts: PageParts): readonly Route[] {
  return [
    {
      ...{ method: 'GET', path: '/', access: 'dashboard', parameters: ['refresh'] },
      answer: (exchange) => dashboard(parts, exchange),
    },
    {
      ...{ method: 'POST', path: '/sign-in', access: 'anyone' },
      answer: (exchange) => signIn(parts, exchange),
    },
    {
      ...{ method: 'POST', path: '/sign-out', access: 'anyone' },
      answer: async ({ request }) => {
        refuseForeignForm(request);
        return redirectHome(`${COOKIE}=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0`);
      },
    },
  ];
}

/** Gives the page that asks for a token. */
export function signInReply({ access, version }: Pick<PageParts, 'access' | 'version'>, isRefused: boolean): Reply {
  return {
    ...htmlReply(renderSignIn({ version, hasTokens: access.hasTokens, isRefused })),
    status: 401,
  };
}

async function dashboard(parts: PageParts, { query, caller }: Exchange): Promise<Reply> {
  const refresh = query.get('refresh');
  const [least, most] = REFRESH_SECONDS;
  if (refresh !== undefined && !(/^\d{1,4}$/.test(refresh) && Number(refresh) >= least && Number(refresh) <= most))
    throw badParameter(
      `refresh is ${JSON.stringify(refresh)}; a whole number of seconds from ${least} to ${most} is expected`,
    );
  const refreshSeconds = refresh === undefined ? null : Number(refresh);
  const collected = await collectDashboard(parts, { refreshSeconds, isSignedIn: caller.token !== null });
  const reply = htmlReply(renderDashboard(collected));
  return refresh === undefined ? reply : { ...reply, headers: { ...reply.headers, Refresh: refresh } };
}

/** The cookie bears the token itself, so that every replica knows it without asking another. */
async function signIn(parts: PageParts, { request }: Exchange): Promise<Reply> {
  refuseForeignForm(request);
  const token = new URLSearchParams(await readBody(request)).get('token')?.trim() ?? '';
  if (!parts.access.mayRead(token)) return signInReply(parts, true);
  const secure = request.headers['x-forwarded-proto'] === 'https' ? '; Secure' : '';
  const value = Buffer.from(token).toString('base64url');
  return redirectHome(`${COOKIE}=${value}; Path=/; HttpOnly; SameSite=Strict${secure}`);
}

/** A page of somebody else's must not sign anybody in or out. */
function refuseForeignForm({ headers }: IncomingMessage): void {
  const from = headers['sec-fetch-site'];
  if (from === undefined || from === 'same-origin' || from === 'none') return;
  throw new Problem(403, { kind: 'foreign-form', detail: 'the form was sent by a page of another origin' });
}

function redirectHome(cookie: string): Reply {
  return { status: 303, headers: { Location: '/', 'Set-Cookie': cookie, 'Cache-Control': 'no-store' }, body: '' };
}

function htmlReply(body: string): Reply {
  return {
    status: 200,
    headers: {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': RUNS_POLICY,
      'Cache-Control': 'no-store',
    },
    body,
  };
}
