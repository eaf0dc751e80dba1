import { describe, expect, it } from "vitest";
import { dueWords, type Tone } from "./due";

describe("dueWords", () => {
  it.each<[number, boolean, boolean, string, Tone]>([
    [10, false, false, "剩余 10 个工作日", "calm"],
    [3, false, false, "剩余 3 个工作日", "calm"],
    [2, false, false, "剩余 2 个工作日", "soon"],
    [1, false, false, "剩余 1 个工作日", "soon"],
    [0, false, false, "今日到期", "soon"],
    [-2, true, false, "已逾期 2 个工作日", "late"],
    // Late by a week-end only: no working day has passed yet.
    [0, true, false, "已逾期", "late"],
    [5, false, true, "按期办结", "done"],
    [-1, true, true, "逾期办结", "late"],
  ])("%i left, overdue %s, stopped %s", (workingDaysLeft, overdue, stopped, text, tone) => {
    expect(dueWords({ lastDay: "2026-03-02", workingDaysLeft, overdue, stopped })).toEqual({ text, tone });
  });
});
