/**
 * How often the linter is right: folders with labels, which it has to find at their lines and beside which it may say
 * nothing. Those written from what PostgreSQL does, without a look at the rules, label every finding; those of the
 * rules' own tests leave out the rules that have something on nearly every short file. Prints each miss and each false
 * finding, precision and recall by rule and in all; exit status 1 below a bar. It starts a server of its own.
 * Usage: tsx benchmarks/migrate-lint-cases.ts [--only TEXT]
 */
import { parseArgs } from 'node:util';
import {
  BEFORE_FILE,
  type CaseLinter,
  judgedFindings,
  labelOf,
  readCaseGroups,
  startCaseLinter,
} from '../test/migrate/rules/case-linter.js';
import { assorted } from './migrate-lint-cases/assorted.js';
import { columnsAndTables } from './migrate-lint-cases/columns-and-tables.js';
import { constraintsAndIndexes } from './migrate-lint-cases/constraints-and-indexes.js';
import { filesAndText } from './migrate-lint-cases/files-and-text.js';
import { programsAndRights } from './migrate-lint-cases/programs-and-rights.js';
import { rowsAndLocks } from './migrate-lint-cases/rows-and-locks.js';
import { asLintCase, type StrictCase } from './migrate-lint-cases/strict-case.js';
import { Tally } from './migrate-lint-cases/tally.js';

const PRECISION_LEAST = 0.97;
const RECALL_LEAST = 0.95;

const { values } = parseArgs({ options: { only: { type: 'string', default: '' } } });
const GROUPS: Readonly<Record<string, readonly StrictCase[]>> = {
  'columns and tables': columnsAndTables,
  'constraints and indexes': constraintsAndIndexes,
  'rows and locks': rowsAndLocks,
  'programs and rights': programsAndRights,
  'files and text': filesAndText,
  assorted,
};

const linter = await startCaseLinter();
try {
  const strict = await strictTally(linter);
  const own = await ownTally(linter);
  const all = strict.with(own);
  console.log(all.byRule());
  console.log(strict.summary('written apart'));
  console.log(own.summary('of the tests'));
  console.log(all.summary('all'));
  process.exitCode = [strict, all].every((tally) => tally.reaches(PRECISION_LEAST, RECALL_LEAST)) ? 0 : 1;
} finally {
  await linter.stop();
}

async function strictTally(linter: CaseLinter): Promise<Tally> {
  const tally = new Tally();
  for (const [group, cases] of Object.entries(GROUPS)) {
    for (const each of cases.filter(([name]) => name.includes(values.only))) {
      const { findings } = await linter.lint(asLintCase(each));
      const labels = findings
        .map(labelOf)
        // The tables that stand before are there for the judged file alone.
        .filter((label) => each[2].includes(label) || !label.includes(BEFORE_FILE));
      tell(`${group}: ${each[0]}`, tally.add(each[2], labels));
    }
  }
  return tally;
}

async function ownTally(linter: CaseLinter): Promise<Tally> {
  const tally = new Tally();
  for (const { rule, cases } of await readCaseGroups()) {
    for (const each of cases.filter(({ name }) => name.includes(values.only))) {
      const labels = judgedFindings(await linter.lint(each), rule).map(labelOf);
      tell(`${rule}: ${each.name}`, tally.add(each.finds, labels));
    }
  }
  return tally;
}

function tell(name: string, { missed, wrong }: { missed: readonly string[]; wrong: readonly string[] }): void {
  for (const label of missed) console.log(`MISSED ${label.padEnd(36)} ${name}`);
  for (const label of wrong) console.log(`FALSE  ${label.padEnd(36)} ${name}`);
}
