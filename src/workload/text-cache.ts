/** Texts that are remembered; then all are forgotten at once, which costs less than to know which was asked for last. */
const TEXTS_MOST = 10_000;
/** Characters of those. */
const LENGTH_MOST = 10_000_000;

/** Remembers what was made of a text: an application sends the same ones again and again. */
export class TextCache<Made> {
  private readonly known = new Map<string, Made>();
  private length = 0;

  of(text: string, make: (text: string) => Made): Made {
    const found = this.known.get(text);
    if (found !== undefined) return found;
    const made = make(text);
    if (this.known.size >= TEXTS_MOST || this.length > LENGTH_MOST) {
      this.known.clear();
      this.length = 0;
    }
    this.length += text.length;
    this.known.set(text, made);
    return made;
  }
}
