import { type Markup, markup } from '../markup.js';

/** What a chart is called and what it says in words, for those who do not see it. */
export interface ChartFrame {
  readonly title: string;
  readonly description: string;
  readonly width: number;
  readonly height: number;
}

/** Colours by role; a page sets the variables, the fallbacks serve a chart that stands alone. */
export const COLOR = {
  before: 'var(--before, #a8482a)',
  after: 'var(--after, #0b6b68)',
  ink: 'var(--ink, #1d1b18)',
  muted: 'var(--muted, #5f5b53)',
  line: 'var(--line, #d9d4c8)',
  band: 'var(--band, #ece7da)',
} as const;

/** Gives a whole SVG element: named, described, and scaled down with its column. */
export function svg(frame: ChartFrame, body: Markup | readonly Markup[]): string {
  const { width, height, title, description } = frame;
  return markup`<svg xmlns="http://www.w3.org/2000/svg" class="chart" role="img" aria-label="${`${title}. ${description}`}" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}"><title>${title}</title><desc>${description}</desc>${body}</svg>`
    .markup;
}

/** Where a label is anchored and how it looks. */
export interface LabelStyle {
  readonly anchor?: 'start' | 'middle' | 'end';
  readonly color?: string;
  readonly size?: number;
}

/** Gives a text at a point. */
export function label(x: number, y: number, text: string, style: LabelStyle = {}): Markup {
  const { anchor = 'start', color = COLOR.muted, size = 11 } = style;
  return markup`<text x="${at(x)}" y="${at(y)}" text-anchor="${anchor}" font-size="${size}" fill="${color}">${text}</text>`;
}

/** Gives a straight line. */
export function line(from: readonly [number, number], to: readonly [number, number], style: LineStyle = {}): Markup {
  const { color = COLOR.line, width = 1, dash = 'none' } = style;
  return markup`<line x1="${at(from[0])}" y1="${at(from[1])}" x2="${at(to[0])}" y2="${at(to[1])}" stroke="${color}" stroke-width="${width}" stroke-dasharray="${dash}"/>`;
}

/** How a line looks. */
export interface LineStyle {
  readonly color?: string;
  readonly width?: number;
  readonly dash?: string;
}

/** Gives a rectangle from its corner, never of negative size. */
export function bar(corner: readonly [number, number], size: readonly [number, number], color: string): Markup {
  return markup`<rect x="${at(corner[0])}" y="${at(corner[1])}" width="${at(Math.max(0, size[0]))}" height="${at(Math.max(0, size[1]))}" fill="${color}"/>`;
}

/** Gives a dot; a hollow one shows the paper within. */
export function dot(
  center: readonly [number, number],
  radius: number,
  style: { color: string; hollow?: boolean },
): Markup {
  const fill = style.hollow === true ? 'var(--paper, #fff)' : style.color;
  return markup`<circle cx="${at(center[0])}" cy="${at(center[1])}" r="${radius}" fill="${fill}" stroke="${style.color}" stroke-width="1.5"/>`;
}

/** Gives a line through points. */
export function polyline(points: readonly (readonly [number, number])[], style: LineStyle = {}): Markup {
  const { color = COLOR.ink, width = 1.5, dash = 'none' } = style;
  return markup`<polyline points="${coordinates(points)}" fill="${color}" fill-opacity="0" stroke="${color}" stroke-width="${width}" stroke-dasharray="${dash}" stroke-linejoin="round"/>`;
}

/** Gives a translucent area between points. */
export function area(points: readonly (readonly [number, number])[], color: string): Markup {
  return markup`<polygon points="${coordinates(points)}" fill="${color}" fill-opacity="0.18"/>`;
}

function coordinates(points: readonly (readonly [number, number])[]): string {
  return points.map(([x, y]) => `${at(x)},${at(y)}`).join(' ');
}

function at(value: number): number {
  return Number.isFinite(value) ? Math.round(value * 100) / 100 : 0;
}
