import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

/** A PostgreSQL that the system's own packages installed. */
export interface SystemBinaries {
  readonly source: 'system';
  readonly major: number;
  readonly binDirectory: string;
}

/** Finds a system PostgreSQL of exactly this major that has pg_stat_statements; null where there is none. */
export function findSystemBinaries(major: number): SystemBinaries | null {
  for (const binDirectory of placesOf(major)) {
    if (majorOf(binDirectory) === major && hasStatementStatistics(binDirectory, major)) {
      return { source: 'system', major, binDirectory };
    }
  }
  return null;
}

function placesOf(major: number): string[] {
  const known = [
    `/usr/lib/postgresql/${major}/bin`, // Debian, Ubuntu
    `/usr/pgsql-${major}/bin`, // PGDG on Red Hat
    `/usr/libexec/postgresql${major}`, // Alpine
    `/opt/homebrew/opt/postgresql@${major}/bin`,
    `/usr/local/opt/postgresql@${major}/bin`,
    `/Applications/Postgres.app/Contents/Versions/${major}/bin`,
  ];
  const configured = outputOf('pg_config', ['--bindir']);
  return [...known, ...(configured === null ? [] : [configured])].filter(
    (place) => existsSync(join(place, 'postgres')) && existsSync(join(place, 'initdb')),
  );
}

function majorOf(binDirectory: string): number | null {
  const version = outputOf(join(binDirectory, 'postgres'), ['--version']);
  const major = version === null ? undefined : /\) (\d+)/.exec(version)?.[1];
  return major === undefined ? null : Number(major);
}

function hasStatementStatistics(binDirectory: string, major: number): boolean {
  const libraries = [
    outputOf(join(binDirectory, 'pg_config'), ['--pkglibdir']),
    join(binDirectory, '../lib'),
    join(binDirectory, '../lib/postgresql'),
    `/usr/lib/postgresql${major}`,
  ];
  return libraries.some(
    (library) =>
      library !== null &&
      ['so', 'dylib'].some((extension) => existsSync(join(library, `pg_stat_statements.${extension}`))),
  );
}

function outputOf(command: string, args: readonly string[]): string | null {
  const { status, stdout } = spawnSync(command, args, { encoding: 'utf8' });
  return status === 0 ? stdout.trim() : null;
}
