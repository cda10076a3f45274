import type { Description, Formats } from './description.js';
import type { RecordedText } from './recorded-text.js';

/** A statement that a client has had parsed. */
export interface PreparedStatement {
  readonly text: RecordedText;
  /** Object ids by parameter; 0 where the server was left to find out. */
  parameterTypes: readonly number[];
  /** Null until it is described. */
  description: Description | null;
  /** Of the statement of this text before it, which may say the same. */
  readonly earlierDescription: Description | null;
}

/** A prepared statement with values. */
export interface Portal {
  readonly statement: PreparedStatement;
  /** As JSON; null where they are too long to be read. */
  readonly parameters: readonly string[] | null;
  readonly formats: Formats;
  wasRun: boolean;
}

/** A client that prepares more names than this is one that forgets them. */
const STATEMENTS_MOST = 10_000;
const PORTALS_MOST = 1000;

/** Prepared statements and portals of one session, by name. */
export class Prepared {
  private readonly statements = new Map<string, PreparedStatement>();
  private readonly portals = new Map<string, Portal>();

  statement(name: string): PreparedStatement | undefined {
    return this.statements.get(name);
  }

  portal(name: string): Portal | undefined {
    return this.portals.get(name);
  }

  define(name: string, statement: PreparedStatement): void {
    keep(this.statements, { name, value: statement, most: STATEMENTS_MOST });
  }

  /** Keeps a portal; undefined, where its statement is not known, ends what bore the name. */
  bind(name: string, portal: Portal | undefined): void {
    if (portal === undefined) this.portals.delete(name);
    else keep(this.portals, { name, value: portal, most: PORTALS_MOST });
  }

  closeStatement(name: string): void {
    this.statements.delete(name);
  }

  closePortal(name: string): void {
    this.portals.delete(name);
  }

  /** `DEALLOCATE ALL` */
  clearStatements(): void {
    this.statements.clear();
  }

  /** No portal outlives its transaction. */
  clearPortals(): void {
    if (this.portals.size > 0) this.portals.clear();
  }
}

function keep<Value>(
  map: Map<string, Value>,
  { name, value, most }: { name: string; value: Value; most: number },
): void {
  if (map.size >= most && !map.has(name)) map.delete(map.keys().next().value ?? '');
  map.set(name, value);
}
