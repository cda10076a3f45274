/**
 * What those who collect a container's output write before each line: `db-1  | `, `[pod/db-0/postgres] `, a time as
 * RFC 3339 has it, and where it came from: `stdout F `.
 */
const HEAD =
  /^(?:[\w./-]+ +\| |\[pod\/[^\]]+\] )?(?:\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d) )?(?:std(?:out|err) ([FP]) )?/;
/** A line as Docker's json-file keeps it. */
const KEPT = /^\{"log":"/;
/** A line that was kept in parts is no longer than this. */
const PARTS_LENGTH_MAX = 32_000_000;

/** Tells whether a line of a log bears what a container's output is given. */
export function isOfContainer(line: string): boolean {
  return KEPT.test(line) || (HEAD.exec(line)?.[0] ?? '') !== '';
}

/** Gives the lines of a container's output as the server wrote them. */
export class ContainerLines {
  private parts: string[] = [];
  private length = 0;

  /** Takes the next line; null where it is a part of one that goes on. */
  line(text: string): string | null {
    const { own, isPart } = KEPT.test(text) ? keptLine(text) : headless(text);
    this.length += own.length;
    if (isPart && this.length <= PARTS_LENGTH_MAX) {
      this.parts.push(own);
      return null;
    }
    const whole = this.parts.length === 0 ? own : [...this.parts, own].join('');
    this.parts = [];
    this.length = 0;
    return whole;
  }
}

interface OwnLine {
  readonly own: string;
  readonly isPart: boolean;
}

function headless(text: string): OwnLine {
  const found = HEAD.exec(text);
  return { own: text.slice(found?.[0].length ?? 0), isPart: found?.[1] === 'P' };
}

/** A part has no line end of its own. */
function keptLine(text: string): OwnLine {
  try {
    const { log } = JSON.parse(text) as { readonly log?: unknown };
    if (typeof log === 'string') return { own: log.replace(/\r?\n$/, ''), isPart: !log.endsWith('\n') };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { own: text, isPart: false };
}
