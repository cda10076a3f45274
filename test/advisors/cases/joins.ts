import { minute, mix, type OwnCase } from './own-case.js';

/** Statements of several tables. */
export const JOINS: readonly OwnCase[] = [
  {
    name: 'the inner side of a join',
    tables: { carts: `${mix(50)} AS shop`, cart_items: `${mix(20_000)} AS cart` },
    workload: [
      { sql: 'SELECT i.filler FROM carts c JOIN cart_items i ON i.cart = c.id WHERE c.id = $1', parameters: [77] },
    ],
    expected: ['cart_items (cart)'],
  },
  {
    name: 'both sides of a join',
    tables: { drivers: "'d' || n AS licence", fines: `${mix(20_000)} AS driver` },
    workload: [
      {
        sql: 'SELECT f.filler FROM drivers d JOIN fines f ON f.driver = d.id WHERE d.licence = $1',
        parameters: ['d77'],
      },
    ],
    expected: ['drivers (licence)', 'fines (driver)'],
  },
  {
    name: 'an outer join with a condition on its inner side',
    tables: { hosts: "'h' || n AS hostname", checks: `${mix(400)} AS host, ${mix(50, 2)} AS kind` },
    workload: [
      {
        sql: 'SELECT h.id, c.filler FROM hosts h LEFT JOIN checks c ON c.host = h.id AND c.kind = $2 WHERE h.id = $1',
        parameters: [77, 3],
      },
    ],
    expected: ['checks (host, kind)'],
  },
  {
    name: 'what has a counterpart, by EXISTS',
    tables: { accounts: `n % 500 AS branch`, locks: `${mix(20_000)} AS account` },
    workload: [
      {
        sql: 'SELECT a.id FROM accounts a WHERE a.id < $1 AND EXISTS (SELECT FROM locks l WHERE l.account = a.id)',
        parameters: [20],
      },
    ],
    expected: ['locks (account)'],
  },
  {
    name: 'what has no counterpart, by NOT EXISTS',
    tables: { devices: `n % 500 AS site`, reports: `${mix(20_000)} AS device` },
    workload: [
      {
        sql: 'SELECT d.id FROM devices d WHERE d.id < $1 AND NOT EXISTS (SELECT FROM reports r WHERE r.device = d.id)',
        parameters: [20],
      },
    ],
    expected: ['reports (device)'],
  },
  {
    name: 'a subquery for each row',
    tables: { rooms: `n % 500 AS floor`, readings: `${mix(2000)} AS room, ${minute(mix(20_000, 2))} AS at` },
    workload: [
      {
        sql: 'SELECT id, (SELECT max(at) FROM readings WHERE room = rooms.id) FROM rooms WHERE id < $1',
        parameters: [20],
      },
    ],
    expected: ['readings (room, at DESC)'],
    factor: 10,
  },
  {
    name: 'the last three of each by LATERAL',
    tables: { authors: `n % 500 AS country`, books: `${mix(300)} AS author, ${minute(mix(20_000, 2))} AS out_at` },
    workload: [
      {
        sql: `SELECT a.id, b.filler FROM authors a
                CROSS JOIN LATERAL (SELECT * FROM books WHERE author = a.id ORDER BY out_at DESC LIMIT 3) b WHERE a.id < $1`,
        parameters: [20],
      },
    ],
    expected: ['books (author, out_at DESC)'],
  },
  {
    name: 'a walk down a tree',
    tables: { folders: '(n / 3) AS parent' },
    workload: [
      {
        sql: `WITH RECURSIVE below AS (SELECT id FROM folders WHERE id = $1
                UNION ALL SELECT f.id FROM folders f JOIN below b ON f.parent = b.id) SELECT count(*) FROM below`,
        parameters: [500],
      },
    ],
    expected: ['folders (parent, id)'],
  },
  {
    name: 'a join of three tables by a filter at its end',
    tables: {
      cities: "'c' || n AS title",
      streets: `${mix(20_000)} AS city`,
      houses: `${mix(20_000)} AS street`,
    },
    workload: [
      {
        sql: `SELECT h.filler FROM cities c JOIN streets s ON s.city = c.id JOIN houses h ON h.street = s.id
               WHERE c.title = $1`,
        parameters: ['c77'],
      },
    ],
    expected: ['cities (title)', 'houses (street)', 'streets (city)'],
  },
  {
    name: 'keys of a subquery',
    tables: { wards: `${mix(4000)} AS nurse`, patients: `${mix(20_000)} AS ward` },
    workload: [
      {
        sql: 'SELECT filler FROM patients WHERE ward IN (SELECT id FROM wards WHERE nurse = $1)',
        parameters: [17],
      },
    ],
    expected: ['patients (ward)', 'wards (nurse, id)'],
  },
];
