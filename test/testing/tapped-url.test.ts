import { describe, expect, it } from 'vitest';
import { tappableUrl } from '../../src/testing/tapped-url.js';

describe('the URL of a test’s database', () => {
  it.each([
    ['postgres://app:p%40w@db.local/shop', 'db.local:5432', 'postgres://app:p%40w@127.0.0.1:6432/shop?sslmode=disable'],
    ['postgresql://db:6000/shop?sslmode=require', 'db:6000', 'postgresql://127.0.0.1:6432/shop?sslmode=disable'],
    [
      'postgres://app@localhost:5433/shop?host=%2Frun%2Fpg&application_name=a',
      '/run/pg/.s.PGSQL.5433',
      'postgres://app@127.0.0.1:6432/shop?application_name=a&sslmode=disable',
    ],
  ])('%s leads to %s, and through a tap to %s', (url, upstream, tapped) => {
    const found = tappableUrl(url);
    expect([found.upstream, found.at('127.0.0.1:6432')]).toEqual([upstream, tapped]);
  });
});
