import { describe, expect, it } from 'vitest';
import { shapeOf } from '../../../src/workload/log/statement-shape.js';

describe('the shape of a statement', () => {
  it.each([
    [`SELECT * FROM t WHERE a = 1 AND b = 'it''s'`, 'SELECT * FROM t WHERE a = ? AND b = ?'],
    ['SELECT  a1,\n b FROM t2 WHERE c = $1', 'SELECT a1, b FROM t2 WHERE c = $1'],
    ['SELECT "a 1" FROM t WHERE x IN (1,2.5,.5,1e9)', 'SELECT "a 1" FROM t WHERE x IN (?,?,?,?)'],
    [`SELECT E'a\\'b', $x$ 'q' 1 $x$, U&'d'`, 'SELECT ?, ?, ?'],
    [`SELECT '--', 1 -- it's 5`, `SELECT ?, ?`],
    [`/* a /* b */ c */ SELECT $1--x\n+ 2 /*route='1'*/`, 'SELECT $1 + ?'],
    [`SELECT 'C:\\', 0xFF, 1_000, x'1F', "a""b", é1 FROM t`, 'SELECT ?, ?, ?, ?, "a""b", é1 FROM t'],
    [`SELECT a FROM t WHERE b = 'cut off`, 'SELECT a FROM t WHERE b = ?'],
    ['SELECT a-1, $tag$ $x$ $tag$, b$1 FROM t', 'SELECT a-?, ?, b$1 FROM t'],
  ])('of %j is %j', (text, shape) => {
    expect(shapeOf(text)).toBe(shape);
  });
});
