/**
 * Whether a log's statements are grouped as libpg_query's fingerprint groups them: made-up statements, each read as a log's
 * line is. Wrong is a group that holds two fingerprints; groups of one fingerprint are put together afterwards.
 * Usage: tsx benchmarks/log-fingerprints.ts [--statements N] [--seed N]
 */
import { parseArgs } from 'node:util';
import { fingerprint } from '../src/sql/fingerprint.js';
import { shapeOf } from '../src/workload/log/statement-shape.js';
import { statementMaker } from '../test/workload/log/made-up-statements.js';

const { values } = parseArgs({
  options: { statements: { type: 'string', default: '10000' }, seed: { type: 'string', default: '1' } },
});
const make = statementMaker(Number(values.seed));
const byShape = new Map<string, string>();
const prints = new Set<string>();
let wrong = 0;
for (let count = 0; count < Number(values.statements); count++) {
  const text = make();
  const [shape, print] = [shapeOf(text), fingerprint(text)];
  prints.add(print);
  const known = byShape.get(shape);
  if (known === undefined) byShape.set(shape, print);
  else if (known !== print) {
    wrong += 1;
    console.log(`grouped with another fingerprint: ${text}`);
  }
}
console.log(
  `${values.statements} statements, seed ${values.seed}: ${byShape.size} groups of ${prints.size} fingerprints, ${wrong} wrong (bar 0)`,
);
process.exitCode = wrong === 0 ? 0 : 1;
