import type { MonitoredHour } from "../../api/types";

const hour = 3_600_000;

/** One hour of the drawing; hours without calls are there too. */
export interface Bar {
  start: number;
  calls: number;
  refused: number;
}

/** The last hours up to now, oldest first, with zero where nothing was called. */
export function bars(hours: readonly MonitoredHour[], now: number, count = 7 * 24): Bar[] {
  const last = Math.floor(now / hour) * hour;
  const known = new Map(hours.map((one) => [Date.parse(one.start), one]));
  return Array.from({ length: count }, (_, at) => {
    const start = last - (count - 1 - at) * hour;
    const found = known.get(start);
    return { start, calls: found?.calls ?? 0, refused: found?.refused ?? 0 };
  });
}

/** What the hours sum up to. */
export function totals(hours: readonly MonitoredHour[]) {
  const sum = (key: "calls" | "refused" | "keys" | "misses") => hours.reduce((all, one) => all + one[key], 0);
  return { calls: sum("calls"), refused: sum("refused"), keys: sum("keys"), misses: sum("misses") };
}
