import { expect, it } from "vitest";
import { day, moment } from "./time";

it.each([
  ["2026-03-04T03:20:00Z", "2026-03-04 11:20", "2026-03-04"],
  // Past midnight in Beijing while it is still the day before in UTC.
  ["2026-12-31T16:00:00.123456Z", "2027-01-01 00:00", "2027-01-01"],
  ["not a time", "not a time", "not a time"],
  [undefined, "—", "—"],
])("%s", (at, toTheMinute, theDay) => {
  expect(moment(at)).toBe(toTheMinute);
  expect(day(at)).toBe(theDay);
});
