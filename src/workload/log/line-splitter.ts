import { StringDecoder } from 'node:string_decoder';

/** A longer line is no message of a server's; the part beyond it is passed by. */
const LINE_LENGTH_MAX = 32_000_000;

/** Makes lines of the chunks of a file; a line that is not whole yet is kept for the next chunk. */
export class LineSplitter {
  private decoder = new StringDecoder('utf8');
  private rest = '';
  private isCut = false;

  /** Takes the next chunk and gives the lines that are whole now, without their ends. */
  push(chunk: Buffer): readonly string[] {
    const lines = (this.rest + this.decoder.write(chunk)).split('\n');
    this.rest = lines.pop() ?? '';
    if (this.isCut && lines.length > 0) {
      lines.shift();
      this.isCut = false;
    }
    if (this.rest.length > LINE_LENGTH_MAX) {
      if (!this.isCut) lines.push(this.rest.slice(0, LINE_LENGTH_MAX));
      this.rest = '';
      this.isCut = true;
    }
    return lines.map(withoutReturn);
  }

  /** Gives what stands behind the last line end, and begins anew. */
  end(): readonly string[] {
    const rest = this.rest + this.decoder.end();
    const lines = rest === '' || this.isCut ? [] : [withoutReturn(rest)];
    this.decoder = new StringDecoder('utf8');
    this.rest = '';
    this.isCut = false;
    return lines;
  }
}

function withoutReturn(line: string): string {
  return line.endsWith('\r') ? line.slice(0, -1) : line;
}
