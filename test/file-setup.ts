import { afterAll } from 'vitest';
import { endFile } from './per-file.js';

// Runs before each test file: a hook in an imported module would be the first file's alone.
afterAll(endFile);
