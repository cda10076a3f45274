import { type Markup, markup } from '../../markup.js';
import { copyableSql } from './code-block.js';

/** A migration file as it was written, by name without a folder. */
export interface MigrationFile {
  readonly name: string;
  readonly sql: string;
}

/** Gives files that open on demand, each with its text to copy. */
export function migrationFiles(files: readonly MigrationFile[], idPrefix: string): readonly Markup[] {
  return files.map(
    ({ name, sql }, index) =>
      markup`<details class="file"><summary><code>${name}</code></summary>${copyableSql({ id: `${idPrefix}-${index + 1}`, name, sql: sql.trimEnd() })}</details>`,
  );
}

/** Gives the files that a list of paths names, in the order of the list; a path's folder does not matter. */
export function filesNamed(paths: readonly string[], files: readonly MigrationFile[]): readonly MigrationFile[] {
  return paths.flatMap((path) => files.filter(({ name }) => baseName(name) === baseName(path)));
}

function baseName(path: string): string {
  return path.split(/[\\/]/).at(-1) ?? path;
}
