/**
 * Moments are told in Beijing time wherever the reader's machine is: terms end
 * at 24:00 there, and an official record must not change with the reader.
 */
const zone = "Asia/Shanghai";

const minutes = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short", timeStyle: "short" });
const days = new Intl.DateTimeFormat("sv-SE", { timeZone: zone, dateStyle: "short" });

function told(format: Intl.DateTimeFormat, at: string | null | undefined): string {
  if (!at) return "—";
  const time = Date.parse(at);
  return Number.isNaN(time) ? at : format.format(time);
}

/** A moment, to the minute: 2026-03-04 11:20. */
export const moment = (at: string | null | undefined): string => told(minutes, at);

/** A day: 2026-03-04. */
export const day = (at: string | null | undefined): string => told(days, at);
