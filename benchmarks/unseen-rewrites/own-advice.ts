import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { AdviceReport } from '../../src/model/advice.js';
import type { Finding } from '../../src/model/finding.js';
import type { Form, KnownStatement } from './read-statements.js';

/** Something that the advice recommends for one statement. */
export interface Recommendation {
  readonly ruleId: string;
  /** How it was proved. */
  readonly grade: string;
  readonly form: Form;
  /** It gives the statement another text. */
  readonly isRewrite: boolean;
}

/** What is asked of the program. */
interface Question {
  readonly url: string;
  /** A copy that may be built on. */
  readonly scratchUrl: string;
  readonly statements: readonly KnownStatement[];
  /** Where the statements and the report go. */
  readonly folder: string;
  readonly statementTimeout: string;
}

/** Runs `advise --verify execute` over the statements, as a user would, and reads its report. */
export async function askAdvice({
  url,
  scratchUrl,
  statements,
  folder,
  statementTimeout,
}: Question): Promise<AdviceReport> {
  const workload = join(folder, 'workload');
  const output = join(folder, 'report.json');
  await mkdir(workload, { recursive: true });
  for (const { name, calls, sql } of statements) {
    await writeFile(join(workload, `${name}.sql`), `-- name: ${name}\n-- calls: ${calls}\n${sql};\n`);
  }
  const program = join(import.meta.dirname, '../../src/cli.ts');
  const flags = {
    ...{ 'database-url': url, 'scratch-url': scratchUrl, workload: `sql:${workload}`, verify: 'execute' },
    ...{ 'statement-timeout': statementTimeout, format: 'json', output, 'log-level': 'error' },
  };
  const args = Object.entries(flags).flatMap(([flag, value]) => [`--${flag}`, value]);
  const child = spawn(process.execPath, ['--import', 'tsx', program, 'advise', '--quiet', ...args], {
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const [status] = await once(child, 'exit');
  if (status !== 0) throw new Error(`advise ended with status ${status}`);
  return JSON.parse(await readFile(output, 'utf8')) as AdviceReport;
}

/** Gives what a report recommends for a statement: each rewrite, and each index whose finding names the statement. */
export function recommendationsFor({ findings }: AdviceReport, statement: KnownStatement): readonly Recommendation[] {
  return findings
    .filter((finding) => isAbout(finding, statement))
    .flatMap(({ ruleId, proof, fix }): Recommendation[] => {
      if (fix === null) return [];
      const indexes = fix.sql.map(({ sql }) => sql.replace(/\bCONCURRENTLY\s+/i, '')).filter(isBuilding);
      const isRewrite = fix.rewrittenQuery !== null;
      if (!isRewrite && indexes.length === 0) return [];
      // A page by its last key wants that key, which nobody has here: a suggestion to the one who writes the program.
      if (/\$\d/.test(fix.rewrittenQuery ?? '')) return [];
      const sql = (fix.rewrittenQuery ?? statement.sql).trim().replace(/;$/, '');
      return [{ ruleId, grade: proof.grade, isRewrite, form: { sql, indexes } }];
    });
}

function isAbout({ location, queries }: Finding, { name, sql }: KnownStatement): boolean {
  const isIn = location !== null && basename(location.file) === `${name}.sql`;
  return isIn || queries.some(({ text }) => squeezed(text) === squeezed(sql));
}

function squeezed(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/;$/, '').trim();
}

function isBuilding(sql: string): boolean {
  return /^\s*CREATE\s+(?:UNIQUE\s+)?(?:INDEX|EXTENSION|STATISTICS)\b/i.test(sql);
}
