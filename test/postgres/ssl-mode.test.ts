import { expect, it } from 'vitest';
import { withLibpqSslMode } from '../../src/postgres/ssl-mode.js';

const at = (query: string) => `postgres://app@db/shop${query}`;

it('gives sslmode the meaning that it has to psql', () => {
  const { length } = at('');
  const queries = ['', '?sslmode=disable', '?sslmode=require', '?x=1&sslmode=prefer', '?sslmode=verify-full'];
  const certificates = [
    '?sslmode=verify-ca',
    '?sslmode=verify-ca&sslrootcert=ca.pem',
    '?uselibpqcompat=false&sslmode=require',
  ];
  expect([...queries, ...certificates].map((query) => withLibpqSslMode(at(query)).slice(length))).toEqual([
    '',
    '?sslmode=disable',
    '?sslmode=require&uselibpqcompat=true',
    '?x=1&sslmode=prefer&uselibpqcompat=true',
    '?sslmode=verify-full',
    '?sslmode=verify-full',
    '?sslmode=verify-ca&sslrootcert=ca.pem&uselibpqcompat=true',
    '?uselibpqcompat=false&sslmode=require',
  ]);
});
