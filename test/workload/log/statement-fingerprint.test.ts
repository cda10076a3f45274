import { expect, it } from 'vitest';
import { fingerprint } from '../../../src/sql/fingerprint.js';
import { shapeOf } from '../../../src/workload/log/statement-shape.js';
import { statementMaker } from './made-up-statements.js';

/** The campaign `log-fingerprints` looks at more. */
const STATEMENTS = 1000;
const SEED = 5;

it(`no statement is grouped with one of another fingerprint (seed ${SEED})`, () => {
  const make = statementMaker(SEED);
  const byShape = new Map<string, { readonly text: string; readonly print: string }>();
  const wrong: string[] = [];
  for (let count = 0; count < STATEMENTS; count++) {
    const text = make();
    const [shape, print] = [shapeOf(text), fingerprint(text)];
    const known = byShape.get(shape);
    if (known === undefined) byShape.set(shape, { text, print });
    else if (known.print !== print) wrong.push(`${known.text}\n${text}`);
  }
  expect(wrong).toEqual([]);
  expect(byShape.size).toBeLessThan(STATEMENTS);
});
