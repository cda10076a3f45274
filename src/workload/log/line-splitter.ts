/** A longer line is no message of a server's; the part beyond it is passed by. */
const LINE_BYTES_MAX = 32_000_000;
const LINE_END = 10;
const RETURN = 13;

/**
 * Makes lines of the chunks of a file; a line that is not whole yet is kept for the next chunk. Each line is a string of
 * its own: as parts of one long text, a value that is kept of a line would keep all other lines of its chunk as well.
 */
export class LineSplitter {
  private held: Buffer[] = [];
  private heldBytes = 0;
  private isCut = false;

  /** Takes the next chunk and gives the lines that are whole now, without their ends. */
  push(chunk: Buffer): readonly string[] {
    const lines: string[] = [];
    let from = 0;
    for (let end = chunk.indexOf(LINE_END); end !== -1; end = chunk.indexOf(LINE_END, from)) {
      if (this.isCut) this.isCut = false;
      else if (this.heldBytes === 0) lines.push(textOf(chunk, from, end));
      else lines.push(this.joined(chunk.subarray(from, end)));
      from = end + 1;
    }
    // A copy, since whoever reads the file may read on into the same memory.
    if (from < chunk.length && !this.isCut) this.hold(Buffer.from(chunk.subarray(from)));
    if (this.heldBytes > LINE_BYTES_MAX) {
      lines.push(this.joined());
      this.isCut = true;
    }
    return lines;
  }

  /** Gives what stands behind the last line end, and begins anew. */
  end(): readonly string[] {
    const lines = this.heldBytes === 0 ? [] : [this.joined()];
    this.isCut = false;
    return lines;
  }

  private hold(part: Buffer): void {
    this.held.push(part);
    this.heldBytes += part.length;
  }

  /** Gives what is held with a last part behind it, and holds nothing any more. */
  private joined(last: Buffer = Buffer.alloc(0)): string {
    const line = Buffer.concat([...this.held, last]);
    this.held = [];
    this.heldBytes = 0;
    return textOf(line, 0, line.length);
  }
}

function textOf(bytes: Buffer, from: number, end: number): string {
  const isReturn = end > from && bytes[end - 1] === RETURN;
  return bytes.toString('utf8', from, isReturn ? end - 1 : end);
}
