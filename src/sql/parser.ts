import { loadModule } from 'libpg-query';

// Whoever imports this module can parse at once: the WebAssembly starts to load with the import in any case.
await loadModule();

export { fingerprintSync, normalizeSync, parsePlPgSQLSync, parseSync, SqlError, scanSync } from 'libpg-query';
