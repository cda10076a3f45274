import { statfsSync } from 'node:fs';

/** Settings fit for scratch work: nothing is worth a disk's time, and everything is counted. */
const SCRATCH_SETTINGS: Readonly<Record<string, string>> = {
  listen_addresses: '',
  port: '5432',
  shared_preload_libraries: 'pg_stat_statements',
  fsync: 'off',
  full_page_writes: 'off',
  synchronous_commit: 'off',
  max_connections: '100',
  shared_buffers: '128MB',
  // Huge pages are scarce in containers and their lack kills a backend instead of refusing it.
  huge_pages: 'off',
  TimeZone: 'UTC',
  log_timezone: 'UTC',
};

/** Parallel plans share memory through this folder; containers have 64 MB of it by default. */
const SHARED_MEMORY_FOLDER = '/dev/shm';
const SHARED_MEMORY_BYTES_MIN = 512_000_000;

/** Gives the settings of a private server, with the caller's own on top. */
export function serverSettings(
  socketDirectory: string,
  own: Readonly<Record<string, string>> = {},
): Readonly<Record<string, string>> {
  return {
    ...SCRATCH_SETTINGS,
    ...(sharedMemoryIsScarce() ? { dynamic_shared_memory_type: 'mmap' } : {}),
    ...own,
    unix_socket_directories: socketDirectory,
  };
}

function sharedMemoryIsScarce(): boolean {
  if (process.platform !== 'linux') return false;
  try {
    const { bavail, bsize } = statfsSync(SHARED_MEMORY_FOLDER);
    return bavail * bsize < SHARED_MEMORY_BYTES_MIN;
  } catch {
    return true;
  }
}
