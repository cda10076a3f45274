import { readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';

/** What a person who tunes the statement would do: write it anew, give it an index, or leave it alone. */
export type Worth = 'rewrite' | 'index' | 'no';

/** A way to have a statement answered: its text and the indexes that it wants besides those of the schema. */
export interface Form {
  readonly sql: string;
  readonly indexes: readonly string[];
}

/** A statement of a set, with the judgement of the person who wrote it. */
export interface KnownStatement {
  readonly name: string;
  readonly worth: Worth;
  readonly why: string;
  readonly calls: number;
  /** Its ORDER BY leaves no ties, so that the order of its rows counts. */
  readonly isOrdered: boolean;
  /** Gives other rows each time: no other form can be shown to equal it. */
  readonly isVolatile: boolean;
  readonly sql: string;
  /** The hand-written form; null where the statement is to be left alone. */
  readonly better: Form | null;
  /** Changes of the rows under which a form that seems equal shows that it is not. */
  readonly variations: readonly string[];
}

/** The statements of one set on one schema. */
export interface StatementFile {
  readonly schema: string;
  /** Makes and fills the schema. */
  readonly schemaSql: string;
  readonly statements: readonly KnownStatement[];
}

/** Reads a set: `SET/SCHEMA.sql` holds its statements on the schema that `schemas/SCHEMA.sql` makes. */
export async function readSet(set: string, only: readonly string[]): Promise<readonly StatementFile[]> {
  const files = (await readdir(join(import.meta.dirname, set))).filter((file) => file.endsWith('.sql')).sort();
  const wanted = files.filter((file) => only.length === 0 || only.includes(basename(file, '.sql')));
  return Promise.all(
    wanted.map(async (file) => ({
      schema: basename(file, '.sql'),
      schemaSql: await readFile(join(import.meta.dirname, 'schemas', file), 'utf8'),
      statements: statementsOf(await readFile(join(import.meta.dirname, set, file), 'utf8')),
    })),
  );
}

function statementsOf(text: string): readonly KnownStatement[] {
  return text
    .split(/^(?=-- name: )/m)
    .filter((block) => block.startsWith('-- name: '))
    .map(statementOf);
}

/** Header lines, the statement, and parts that a line such as `-- better:` opens. */
function statementOf(block: string): KnownStatement {
  const [own = '', ...parts] = block.split(/^(?=-- (?:better|index|variation):$)/m);
  const header = new Map([...own.matchAll(/^-- (\w+): (.*)$/gm)].map(([, key = '', value = '']) => [key, value]));
  const sql = bodyOf(own);
  const bodies = (kind: string) => parts.filter((part) => part.startsWith(`-- ${kind}:`)).map(bodyOf);
  const indexes = bodies('index');
  const better = bodies('better')[0];
  const name = header.get('name') ?? '';
  const worth = worthOf(name, header.get('worthwhile'));
  if ((better === undefined && indexes.length === 0) !== (worth === 'no')) {
    throw new Error(`${name} is worthwhile: ${worth}, but its hand-written form says otherwise`);
  }
  return {
    name,
    worth,
    why: header.get('why') ?? '',
    calls: Number(header.get('calls') ?? '1'),
    isOrdered: header.get('ordered') === 'yes',
    isVolatile: header.get('volatile') === 'yes',
    sql,
    better: worth === 'no' ? null : { sql: better ?? sql, indexes },
    variations: bodies('variation'),
  };
}

function worthOf(name: string, value: string | undefined): Worth {
  if (value === 'rewrite' || value === 'index' || value === 'no') return value;
  throw new Error(`${name} is worthwhile: ${value ?? 'nothing'}, which is none of rewrite, index and no`);
}

function bodyOf(part: string): string {
  return part
    .replace(/^-- .*\n/gm, '')
    .trim()
    .replace(/;$/, '');
}
