import { describe, expect, it } from 'vitest';
import { readTags } from '../../src/workload/call-tags.js';

const TRACE = '0af7651916cd43dd8448eb211c80319c';

describe('the comment around a statement', () => {
  it.each([
    [
      `SELECT 1 /*action='run+this',framework='django%3A4.2',route='%2Forders%2F%24',traceparent='00-${TRACE}-b7ad6b7169203331-01'*/`,
      { trace: TRACE, route: '/orders/$', location: null },
    ],
    [`SELECT 1 /* controller='orders',action='show' */;`, { trace: null, route: 'orders#show', location: null }],
    [
      'SELECT 1 /*application:Shop,controller:orders,action:show*/',
      { trace: null, route: 'orders#show', location: null },
    ],
    [
      `/*file='app%2Forders.py',line='42',job='it\\'s'*/ SELECT 1`,
      { trace: null, route: "it's", location: { file: 'app/orders.py', line: 42, column: 1 } },
    ],
    [
      "SELECT 1 /*line:/app/models/order.rb:12:in `lines'*/",
      { trace: null, route: null, location: { file: '/app/models/order.rb', line: 12, column: 1 } },
    ],
    [`SELECT 1 /*traceparent='00-00000000000000000000000000000000-b7ad6b7169203331-01'*/`, null],
    [`SELECT 1 /*route='%zz%'*/`, { trace: null, route: '%zz%', location: null }],
    ['SELECT 1 /* whatever: it is */', null],
  ])('is taken off %j', (text, origin) => {
    expect(readTags(text)).toEqual({ text: 'SELECT 1', origin });
  });

  it.each([
    'SELECT 1',
    `SELECT '/*route=''/a''*/'`,
    '/*+ SeqScan(t) */ SELECT 1',
    '/* pgsteward probe */ SELECT 1',
    '/* open',
    '*/',
    '',
  ])('stays where it is no tag: %j', (text) => {
    expect(readTags(text)).toEqual({ text, origin: null });
  });

  it('takes linear time over any text', () => {
    const hostile = [
      `SELECT 1${' '.repeat(2_000_000)};`,
      '/*'.repeat(1_000_000),
      `/*${"a='".repeat(500_000)}*/ SELECT 1`,
    ];
    const startedMs = performance.now();
    for (const text of hostile) readTags(text);
    expect(performance.now() - startedMs).toBeLessThan(2000);
  });
});
