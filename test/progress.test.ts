import { expect, it } from 'vitest';
import { createTerminalProgress } from '../src/progress.js';

/** A terminal of 60 columns and a clock that a test sets. */
function terminal() {
  const written: string[] = [];
  const clock = { ms: 0 };
  const progress = createTerminalProgress({ write: (text) => written.push(text), columns: 60 }, () => clock.ms);
  return {
    progress,
    clock,
    written: () => written.map((text) => text.replaceAll('\u001b[K', '').replaceAll('\r', '')),
  };
}

it('says what is under way, how far it is and for how long', () => {
  const { progress, clock, written } = terminal();
  const step = progress.step('costing candidates', 40);
  clock.ms = 2500;
  step.update(12, 'public.orders');
  expect(written()).toEqual(['  costing candidates', '  costing candidates  12/40  public.orders  2.5 s']);
});

it('leaves a line behind for a step of a second or more, and none for a short one', () => {
  const { progress, clock, written } = terminal();
  progress.step('short').end();
  const long = progress.step('long');
  clock.ms = 12_000;
  long.end('41 chosen');
  expect(written()).toEqual(['  short', '', '  long', '  long  41 chosen  12 s\n']);
});

it('paints at most ten times a second and never wider than the terminal', () => {
  const { progress, clock, written } = terminal();
  const step = progress.step('x'.repeat(100));
  for (clock.ms = 0; clock.ms < 90; clock.ms += 10) step.update(clock.ms);
  expect(written()).toHaveLength(1);
  expect(written()[0]).toHaveLength(59);
});
