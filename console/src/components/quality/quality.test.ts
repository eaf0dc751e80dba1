import { expect, it } from "vitest";
import type { QualityPoint } from "../../api/types";
import { jobPercent, running } from "./job";
import { ruleWords, tidyRule } from "./rules";
import { dots, frame, heightOf } from "./trend";

const point = (id: string, total: number): QualityPoint => ({
  id,
  at: "2026-01-01T00:00:00Z",
  entry_version: 1,
  rules_version: 0,
  rows: 1,
  band: "good",
  scores: { total },
});

it("draws the oldest run at the left and keeps every score in the frame", () => {
  const places = dots([point("new", 100), point("mid", 50), point("old", 0)]);
  expect(places.map(({ point: { id } }) => id)).toEqual(["old", "mid", "new"]);
  expect(places[0]?.x).toBe(frame.left);
  expect(places[2]?.x).toBe(frame.width - frame.right);
  expect(places[2]?.y).toBe(frame.top);
  expect(places[0]?.y).toBe(frame.height - frame.bottom);
  expect(heightOf(140)).toBe(frame.top);
  expect(dots([point("one", 80)])[0]?.x).toBe((frame.left + frame.width - frame.right) / 2);
  expect(dots([])).toEqual([]);
});

it("sends of a rule only what its kind has", () => {
  const typed = { kind: "range", item: "age", pattern: "x", values: ["1"], min: " 0 ", max: "" };
  expect(tidyRule(typed)).toEqual({ kind: "range", item: "age", min: "0", max: undefined });
  expect(tidyRule({ ...typed, kind: "unique" })).toEqual({ kind: "unique", item: "age" });
  expect(tidyRule({ ...typed, kind: "domain" })).toEqual({ kind: "domain", item: "age", values: ["1"] });
  expect(ruleWords({ kind: "range", item: "age", min: "0" })).toBe("范围 0 至 不限");
});

it("knows rules that look at another table or another item", () => {
  const typed = { kind: "referential", item: "region", resource: "r1", target: "code", op: "lt", other: "end", min: "1" };
  expect(tidyRule(typed)).toEqual({ kind: "referential", item: "region", resource: "r1", target: "code" });
  expect(tidyRule({ ...typed, kind: "compare", item: "begin" })).toEqual({ kind: "compare", item: "begin", op: "lt", other: "end" });
  expect(ruleWords({ kind: "compare", item: "begin", op: "le", other: "end" }, (code) => (code === "end" ? "终止日期" : code))).toBe(
    "与另一数据项比较 不大于 终止日期",
  );
});

it("tells how far a measurement is", () => {
  const job = { id: "j", state: "running", queued_at: "2026-01-01T00:00:00Z", read: 25, total: 100, stopping: false } as const;
  expect(jobPercent(job)).toBe(25);
  expect(jobPercent({ ...job, total: 0 })).toBe(0);
  expect(jobPercent({ ...job, read: 300 })).toBe(100);
  expect([running(job), running({ ...job, state: "done" }), running(undefined)]).toEqual([true, false, false]);
});
