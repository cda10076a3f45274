/** Gives the same server's URL with another database; everything else, such as a socket's `?host=`, stays. */
export function withDatabase(url: string, database: string): string {
  const parts = /^([a-z]+:\/\/[^/?#]*)(?:\/[^?#]*)?(\?.*)?$/i.exec(url);
  if (parts === null) return url;
  return `${parts[1] ?? ''}/${encodeURIComponent(database)}${parts[2] ?? ''}`;
}
