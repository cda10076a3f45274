import type { Column, Table } from '../../model/catalog.js';

/** Types that a row's time may have. */
const TIMES = ['timestamp with time zone', 'timestamp without time zone', 'date'];
const EXPIRY =
  /^(expires?|expired|expiry|expiration|valid_until|valid_to|ttl|delete_after|purge_after)(_?(at|on|date|time))?$/i;
const AGE =
  /^(created|inserted|logged|occurred|recorded|received|happened|event|sent)_?(at|on|date|time|ts)?$|^(timestamp|ts|time)$/i;

/** Where a row is valid from some time on, its end is a part of its history. */
const BEGIN = /^(valid|effective|active)_?(from|since)(_?(at|on|date|time))?$|^(starts?|begins?)_?(at|on)$/i;

/** Gives the column that says until when a row lives, or null. */
export function expiryColumn(table: Table): Column | null {
  const columns = timeColumns(table);
  return columns.some(({ name }) => BEGIN.test(name)) ? null : (columns.find(({ name }) => EXPIRY.test(name)) ?? null);
}

/** Gives the column that says when a row came, or null. */
export function ageColumn(table: Table): Column | null {
  return timeColumns(table).find(({ name, notNull }) => notNull && AGE.test(name)) ?? null;
}

/** Gives the column that says when a row was revoked, or null. */
export function revocationColumn(table: Table): Column | null {
  return timeColumns(table).find(({ name }) => /^(revoked|cancell?ed|invalidated)_?(at|on)$/i.test(name)) ?? null;
}

function timeColumns({ columns }: Table): readonly Column[] {
  return columns.filter(({ baseType, dropped }) => !dropped && TIMES.includes(baseType));
}
