/**
 * Gives a database URL whose sslmode means to the client what it means to psql: `require` encrypts and asks for no
 * certificate. The client itself would take it for `verify-full` and warn about that on stderr.
 */
export function withLibpqSslMode(url: string): string {
  const mode = /[?&]sslmode=([a-z-]+)/.exec(url)?.[1];
  if (mode === undefined || /[?&]uselibpqcompat=/.test(url)) return url;
  // Without a root certificate of its own there is no telling a CA from another: the host name is looked at too.
  if (mode === 'verify-ca' && !/[?&]sslrootcert=/.test(url))
    return url.replace('sslmode=verify-ca', 'sslmode=verify-full');
  return ['prefer', 'require', 'verify-ca'].includes(mode) ? `${url}&uselibpqcompat=true` : url;
}
