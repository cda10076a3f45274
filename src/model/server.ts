export interface CountedReplica {
  /** Host, port and database. */
  readonly place: string;
  /** ISO-8601: a time since when it counts for certain. */
  readonly countersSince: string;
}

export interface Server {
  /** As printed by the server: `15.18`. */
  readonly version: string;
  readonly major: number;
  /** `server_version_num`: 150018. */
  readonly versionNumber: number;
}

export interface Setting {
  readonly name: string;
  readonly value: string;
}

/** A row of pg_database: what CREATE DATABASE asks for. */
export interface DatabaseLocale {
  readonly encoding: string;
  readonly provider: 'libc' | 'icu' | 'builtin';
  readonly collate: string;
  readonly ctype: string;
  /** Locale of the providers icu and builtin, else null. */
  readonly locale: string | null;
}

export interface Extension {
  readonly name: string;
  readonly version: string;
  readonly schema: string;
}
