/**
 * How much further two clock times may be apart than their moments where clocks are set back between them, and the other way
 * round: up to three hours since 1970, at Casey in Antarctica.
 */
export const SET_BACK = "interval '3 hours'";

/**
 * How far apart the clocks of two time zones are at most, and those of one over time: 26 hours, between Baker Island and the
 * Line Islands, which Samoa has seen but for an hour when it left out the last Friday of 2011.
 */
export const ZONES_APART = "interval '26 hours'";
