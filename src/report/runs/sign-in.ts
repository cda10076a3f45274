import { markup, nothing } from '../markup.js';
import { runsPage } from './page.js';

/** What the sign-in page has to say. */
export interface SignIn {
  readonly version: string;
  /** False: nobody can sign in until the configuration has a token. */
  readonly hasTokens: boolean;
  /** Whether a token was shown that may not read. */
  readonly isRefused: boolean;
}

/** Gives the page that asks for a token. */
export function renderSignIn({ version, hasTokens, isRefused }: SignIn): string {
  const problem = isRefused
    ? markup`<p class="problem" role="alert">That token is not one of the configuration with the scope <code>read</code>.</p>`
    : nothing;
  const form = markup`<form method="post" action="/sign-in">
<label for="token">Token</label>
<input id="token" name="token" type="password" autocomplete="current-password" required>
<button type="submit">Sign in</button>
</form>`;
  const closed = markup`<p>No token is configured, so nobody may look: set <code>http.tokens</code> or <code>PGSTEWARD_HTTP_TOKEN</code>.</p>`;
  const body = markup`<header class="masthead"><p class="wordmark">pgsteward <span>${version}</span></p>
<h1>The dashboard asks for a token</h1></header>
<main>${problem}${hasTokens ? form : closed}</main>`;
  return runsPage({ title: 'Sign in · pgsteward', body });
}
