import type { z } from 'zod';

type Issue = z.core.$ZodIssue;

/** Says where a job's key is not as it should be, with its value and what is allowed. */
export function wordIssue(issue: Issue, place: string, given: Readonly<Record<string, unknown>>): readonly string[] {
  const path = [place, ...issue.path.map(String)].join('.');
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => `${path}.${key} is no key of this kind of job`);
  const value = issue.path.reduce<unknown>(
    (inner, key) => (inner as Record<PropertyKey, unknown> | undefined)?.[key],
    given,
  );
  const shown = value === undefined ? 'is not given' : `is ${JSON.stringify(value)}`;
  return [`${path} ${shown}; ${allowed(issue)}`];
}

function allowed(issue: Issue): string {
  if (issue.code === 'invalid_value') return `allowed: ${issue.values.map(String).join(', ')}`;
  // A sentence of the schema's own says more.
  return issue.message.startsWith('expected') ? issue.message : `expected ${expectation(issue)}`;
}

function expectation(issue: Issue): string {
  if (issue.code === 'too_small') return bound(issue.origin, `at least ${issue.minimum}`);
  if (issue.code === 'too_big') return bound(issue.origin, `at most ${issue.maximum}`);
  if (issue.code === 'invalid_type') return KINDS[issue.expected] ?? issue.expected;
  if (issue.code === 'invalid_union')
    return [...new Set(issue.errors.flatMap((branch) => branch.slice(0, 1).map(expectation)))].join(', or ');
  return issue.message;
}

function bound(origin: string, limit: string): string {
  if (origin === 'array') return `a list of ${limit}`;
  return origin === 'string' ? `a text of ${limit} characters` : limit;
}

const KINDS: Readonly<Record<string, string>> = {
  ...{ number: 'a number', int: 'a whole number', string: 'a text', boolean: 'true or false' },
  ...{ array: 'a list', object: 'keys with values', record: 'keys with values' },
};
