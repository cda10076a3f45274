import { bindParameters } from '../../sql/parameters.js';
import { quoteLiteral } from '../../sql/quote.js';
import { scanTokens } from '../../sql/tokens.js';
import type { BenchScenarioQuery } from '../scenario.js';
import { type ExportedFile, fileStem, requireDistinctNames } from './exported-file.js';

/**
 * Gives a scenario as pgbench scripts, one for each query, and a shell script that runs them by their weights.
 *
 * pgbench has numbers for variables and no texts, so a script holds the statement once for each parameter set, with
 * constants, and draws one of them: under -M prepared each is planned once, as PostgreSQL plans constants. Statements
 * that write are rolled back, so that each call meets the same rows.
 */
export function exportPgbench(
  queries: readonly BenchScenarioQuery[],
  { rate, seed }: { readonly rate: number; readonly seed: number },
): readonly ExportedFile[] {
  requireDistinctNames(queries.map(({ name }) => fileStem(name)));
  const scripts = queries.map((query) => ({ name: `${fileStem(query.name)}.sql`, text: scriptOf(query) }));
  const files = queries.map(({ name, weight }) => `-f ${fileStem(name)}.sql@${pgbenchWeight(weight)}`);
  return [...scripts, { name: 'run.sh', text: runScript(files, { rate, seed }) }];
}

/** pgbench takes whole weights from 1 on. */
function pgbenchWeight(weight: number): number {
  return Math.min(1_000_000, Math.max(1, Math.round(weight)));
}

function scriptOf({ name, text, parameterSets, writes = false }: BenchScenarioQuery): string {
  const sets = parameterSets.length === 0 ? [[]] : parameterSets;
  const calls = sets.map((values) => `${withoutVariables(bindParameters(bare(text), [], values))};`);
  const body =
    calls.length === 1
      ? calls
      : [
          `\\set chosen random(1, ${calls.length})`,
          ...calls.flatMap((call, index) => [`${index === 0 ? '\\if' : '\\elif'} :chosen = ${index + 1}`, call]),
          '\\endif',
        ];
  const lines = writes ? ['BEGIN;', ...body, 'ROLLBACK;'] : body;
  return `-- ${name.replace(/\s+/g, ' ')}\n${lines.join('\n')}\n`;
}

/** The statement without comments and line ends: a line that begins with a backslash would be a command to pgbench. */
function bare(text: string): string {
  const tokens = scanTokens(text.replace(/[;\s]+$/, '')).filter((token) => token.kind !== 'comment');
  let end = tokens[0]?.start ?? 0;
  let line = '';
  for (const token of tokens) {
    line += (token.start > end ? ' ' : '') + token.text;
    end = token.end;
  }
  return line;
}

/** pgbench reads `:name` as a variable even within constants: a colon in one is written by its number. */
function withoutVariables(sql: string): string {
  let result = '';
  let end = 0;
  for (const token of scanTokens(sql)) {
    if (!token.text.includes(':') || !/^(e?'|\$)/i.test(token.text)) continue;
    result += sql.slice(end, token.start) + withoutColons(token.text);
    end = token.end;
  }
  return result + sql.slice(end);
}

function withoutColons(constant: string): string {
  const [, tag = ''] = /^(\$\w*\$)/.exec(constant) ?? [];
  const quoted = tag === '' ? constant : quoteLiteral(constant.slice(tag.length, -tag.length)).trim();
  const escaped = /^e/i.test(quoted) ? quoted.slice(1) : quoted.replaceAll('\\', '\\\\');
  return ` E${escaped.replaceAll(':', '\\x3a')}`;
}

function runScript(files: readonly string[], { rate, seed }: { readonly rate: number; readonly seed: number }): string {
  return `#!/bin/sh
# Usage: PGHOST=… PGDATABASE=… ./run.sh [SECONDS] > result.txt
# What it prints at its end is read by: pgsteward bench compare BEFORE.txt AFTER.txt
cd "$(dirname "$0")" || exit 1
exec pgbench --no-vacuum --protocol prepared --report-per-command --client 8 --jobs 2 \\
  --rate ${rate} --random-seed ${seed} --time "\${1:-60}" \\
  ${files.join(' \\\n  ')}
`;
}
