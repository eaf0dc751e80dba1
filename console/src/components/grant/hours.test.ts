import { expect, it } from "vitest";
import { bars, totals } from "./hours";

const now = Date.parse("2026-11-23T10:20:00Z");
const hours = [
  { start: "2026-11-23T08:00:00Z", calls: 7, refused: 1, keys: 6, misses: 2 },
  { start: "2026-11-23T10:00:00Z", calls: 3, refused: 0, keys: 3, misses: 0 },
];

it("has a place for each hour up to the current one, quiet ones included", () => {
  expect(bars(hours, now, 4).map(({ calls }) => calls)).toEqual([0, 7, 0, 3]);
  expect(bars([], now)).toHaveLength(168);
});

it("leaves out what is older than the drawing", () => {
  expect(bars([{ ...hours[0]!, start: "2026-11-01T08:00:00Z" }], now).every(({ calls }) => calls === 0)).toBe(true);
});

it("sums up", () => {
  expect(totals(hours)).toEqual({ calls: 10, refused: 1, keys: 9, misses: 2 });
});
