import { describe, expect, it } from 'vitest';
import { labelledMoment } from '../../../src/advisors/statements/labelled-moment.js';

const span = (format: string, text: string, isPrefix = false) => {
  const found = labelledMoment(format, text, { isPrefix });
  return found === null ? null : [found.from, found.to];
};

describe('a text that tells a moment', () => {
  it.each([
    ['YYYY-MM', '2024-02', "timestamp '2024-02-01'", '1 month'],
    ['DD.MM.YYYY', '29.02.2024', "timestamp '2024-02-29'", '1 day'],
    ['YYYY"-Q"Q', '2024-Q4', "timestamp '2024-10-01'", '3 months'],
    ['YYYY-MM-DD HH24', '2025-02-10 13', "timestamp '2025-02-10 13:00:00'", '1 hour'],
    ['YYYY-MM-DD HH24:MI', '2025-02-10 02:30', "timestamp '2025-02-10 02:30:00'", '1 minute'],
  ])('is %s as %s', (format, text, from, length) => {
    expect(span(format, text)).toEqual([from, `(${from} + interval '${length}')`]);
  });

  it.each([
    ['a month alone', 'MM', '02'],
    ['a month without its year', 'MM-DD', '02-10'],
    ['no day of the calendar', 'YYYY-MM-DD', '2023-02-29'],
    ['another text', 'YYYY-MM', '2024-2'],
    ['the name of a month', 'DD Mon YYYY', '10 Feb 2024'],
    ['more than the format', 'YYYY', '2024-01'],
  ])('is none where it tells %s', (_, format, text) => {
    expect(span(format, text)).toBeNull();
  });

  it('is read as far as whole fields go where it is the beginning of one', () => {
    expect(span('YYYY-MM-DD', '2024-0', true)).toEqual([
      "timestamp '2024-01-01'",
      "(timestamp '2024-01-01' + interval '1 year')",
    ]);
  });
});
