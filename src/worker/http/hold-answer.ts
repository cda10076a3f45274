/** Gives a question whose answer holds for a while: however many ask, it is found once in that time. */
export function holdAnswer<T>(milliseconds: number, find: () => Promise<T>): () => Promise<T> {
  let last: { readonly at: number; readonly answer: Promise<T> } | null = null;
  return () => {
    const now = performance.now();
    if (last === null || now - last.at > milliseconds) last = { at: now, answer: find() };
    return last.answer;
  };
}
