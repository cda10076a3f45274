import { open } from 'node:fs/promises';

/** What is needed of an open file. */
export interface WritableFile {
  write(bytes: Buffer, offset: number): Promise<{ readonly bytesWritten: number }>;
  close(): Promise<void>;
}

/** Opens a file for what is appended to it, and gives its size. */
export type OpenFile = (path: string) => Promise<{ readonly file: WritableFile; readonly sizeBytes: number }>;

/** Texts of statements are people's data. */
const MODE = 0o600;

/** Opens a file of the system, which is made where there is none. */
export const openToAppend: OpenFile = async (path) => {
  const file = await open(path, 'a', MODE);
  const { size } = await file.stat();
  return { file, sizeBytes: size };
};
