/** Gives the exact 95 % interval (Clopper and Pearson) of a share that was seen `hits` times in `trials`. */
export function exactInterval(hits: number, trials: number): readonly [number, number] {
  const low = hits === 0 ? 0 : solve((share) => 1 - below(hits - 1, trials, share) - 0.025);
  const high = hits === trials ? 1 : solve((share) => 0.025 - below(hits, trials, share));
  return [low, high];
}

/** Probability of at most so many hits. */
function below(hits: number, trials: number, share: number): number {
  let term = (1 - share) ** trials;
  let sum = term;
  for (let count = 1; count <= hits; count += 1) {
    term *= ((trials - count + 1) / count) * (share / (1 - share));
    sum += term;
  }
  return sum;
}

/** Finds where a function that rises with the share crosses zero. */
function solve(rising: (share: number) => number): number {
  let [low, high] = [0, 1];
  for (let step = 0; step < 60; step += 1) {
    const middle = (low + high) / 2;
    if (rising(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
