import { describe, expect, it } from 'vitest';
import { meetingConstants } from '../../src/proof/meeting-constants.js';
import { parseStatement } from '../../src/sql/parse.js';

function meeting(sql: string): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(meetingConstants([parseStatement(sql).tree]));
}

describe('constants between which a join leads', () => {
  it('belong to all columns that go by the equated names', () => {
    const all = ['1', '241'];
    expect(
      meeting(`
        WITH friends AS (SELECT player_a AS player, player_b AS friend FROM friendships
                         UNION ALL SELECT player_b, player_a FROM friendships)
        SELECT p.handle FROM friends f JOIN friends g ON g.friend = f.friend JOIN players p ON p.id = f.friend
         WHERE f.player = 1 AND 241 = g.player AND p.level = 7`),
    ).toEqual({ player: all, friend: all, player_a: all, player_b: all, id: all });
  });

  it('are found through names that a list of columns gives', () => {
    const all = ['6', '5'];
    expect(
      meeting(`
        WITH a (x) AS (SELECT u FROM t WHERE u = 5)
        SELECT 1 FROM a JOIN (SELECT w FROM t) AS b (y) ON a.x = b.y WHERE b.y = 6`),
    ).toEqual({ x: all, u: all, y: all, w: all });
  });

  it('are more than one, and joined', () => {
    expect(meeting('SELECT 1 FROM a JOIN b ON a.x = b.y WHERE a.x = 1')).toEqual({});
    expect(meeting('SELECT 1 FROM a JOIN b ON a.x = b.y WHERE a.z = 1 AND b.z = 2')).toEqual({});
    expect(meeting('SELECT 1 FROM a JOIN b ON a.x < b.y WHERE a.x = 1 AND b.y = 2')).toEqual({});
  });
});
