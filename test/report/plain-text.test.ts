import { describe, expect, it } from 'vitest';
import { dedent, oneLine, printable, wrap } from '../../src/report/plain-text.js';

describe('plain text', () => {
  it('writes out what would steer a terminal and keeps lines, tabs and all other writing', () => {
    expect(printable('a\u001b[2J\r\n\tb\u202e漢🜁')).toBe('a\\u{1b}[2J\n\tb\\u{202e}漢🜁');
  });

  it('is cut to one line without tearing a character', () => {
    expect(oneLine('SELECT\n  1', 20)).toBe('SELECT 1');
    expect(oneLine('🜁🜁🜁🜁', 3)).toBe('🜁🜁…');
    expect(oneLine('x'.repeat(1_000_000), 5)).toBe('xxxx…');
  });

  it('is wrapped at words, and a longer word keeps a line to itself', () => {
    expect(wrap('a bb ccccccc d', 5)).toEqual(['a bb', 'ccccccc', 'd']);
  });

  it('loses the indentation of the program that it came from', () => {
    expect(dedent('\n    SELECT 1\n      FROM t\n    WHERE x\n  ')).toBe('SELECT 1\n  FROM t\nWHERE x');
    expect(dedent('SELECT 1\nFROM t')).toBe('SELECT 1\nFROM t');
  });
});
