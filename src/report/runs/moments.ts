import { type Markup, markup } from '../markup.js';
import { formatDuration } from '../units.js';

const FORMAT = new Intl.DateTimeFormat('en-GB', {
  timeZone: 'UTC',
  ...{ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' },
});

/** Gives a time as `2 Mar, 09:30:05`, in UTC. */
export function formatMoment(iso: string): string {
  const time = new Date(iso);
  return Number.isNaN(time.getTime()) ? iso : FORMAT.format(time).replace(' at ', ', ');
}

/** Gives a time with how far it is from another one: `2 Mar, 09:30:05 (in 5 min)`. */
export function moment(iso: string, nowIso: string): Markup {
  const distanceMs = Date.parse(iso) - Date.parse(nowIso);
  const far = formatDuration(Math.max(1000, Math.abs(distanceMs)));
  return markup`<time datetime="${iso}">${formatMoment(iso)}</time> <small>${distanceMs > 0 ? `in ${far}` : `${far} ago`}</small>`;
}
