import { sqlStateOf } from '../../errors.js';
import type { DatabaseLocale } from '../../model/server.js';
import type { Session } from '../../postgres/session.js';
import { quoteIdentifier, quoteLiteral } from '../../sql/quote.js';

/**
 * Creates a database that compares text as the source does: with its locale, else with ICU's of the same language
 * where this system lacks it, else byte by byte.
 */
export async function createDatabaseLike(session: Session, name: string, locale: DatabaseLocale | undefined) {
  const attempts = localeClauses(locale);
  for (const [place, clause] of attempts.entries()) {
    try {
      await session.query(`CREATE DATABASE ${quoteIdentifier(name)} TEMPLATE template0 ${clause}`);
      return;
    } catch (error) {
      // 42809 and 22023: this system has no locale, no provider of this name.
      if (sqlStateOf(error) === null || place === attempts.length - 1) throw error;
    }
  }
}

const BYTE_ORDER = "LC_COLLATE 'C' LC_CTYPE 'C'";

function localeClauses(locale: DatabaseLocale | undefined): readonly string[] {
  if (locale === undefined) return ["ENCODING 'UTF8'"];
  const encoding = `ENCODING ${quoteLiteral(locale.encoding)}`;
  const libc = `LC_COLLATE ${quoteLiteral(locale.collate)} LC_CTYPE ${quoteLiteral(locale.ctype)}`;
  const own = locale.locale === null ? '' : quoteLiteral(locale.locale);
  if (locale.provider === 'builtin') return [`${encoding} LOCALE_PROVIDER builtin BUILTIN_LOCALE ${own} ${BYTE_ORDER}`];
  if (locale.provider === 'icu') return [`${encoding} LOCALE_PROVIDER icu ICU_LOCALE ${own} ${BYTE_ORDER}`];
  const inBytes = /^(C|POSIX)(\.|$)/i.test(locale.collate);
  const language = quoteLiteral(locale.collate.replace(/[.@].*$/, '').replace('_', '-'));
  const icu = `${encoding} LOCALE_PROVIDER icu ICU_LOCALE ${language} ${BYTE_ORDER}`;
  return [`${encoding} LOCALE_PROVIDER libc ${libc}`, ...(inBytes ? [] : [icu]), `${encoding} ${BYTE_ORDER}`];
}
