import { describe, expect, it } from "vitest";
import { monthDays, noticeRequest, readNotice } from "./workdays";

describe("a month", () => {
  const october = monthDays(2026, 10, [
    { date: "2026-10-01", name: "国庆节", kind: "holiday" },
    { date: "2026-10-10", name: "国庆节", kind: "workday" },
  ]);

  it("begins its weeks on Monday", () => {
    // 1 October 2026 is a Thursday.
    expect(october.slice(0, 4).map((day) => day?.day)).toEqual([undefined, undefined, undefined, 1]);
    expect(october).toHaveLength(34);
  });

  it("knows holidays, make-up days, weekends and working days", () => {
    const kind = (day: number) => october.find((one) => one?.day === day)?.kind;
    expect([kind(1), kind(10), kind(11), kind(12)]).toEqual(["holiday", "makeup", "rest", "work"]);
  });

  it("has 29 days in a leap February", () => {
    expect(monthDays(2028, 2, []).filter(Boolean)).toHaveLength(29);
  });
});

describe("a notice file", () => {
  it("is JSON as the releases have it", () => {
    const file = readNotice('{"year":2027,"source":"《通知》","days":[{"date":"2027-01-01","name":"元旦","kind":"holiday"}]}');
    expect(file).toMatchObject({ year: 2027, title: "《通知》" });
    expect(file.fault).toBeUndefined();
    expect(file.days).toHaveLength(1);
  });

  it("is CSV with or without a byte order mark and a heading", () => {
    expect(readNotice("\uFEFF日期,名称,类型\n2027-01-01,元旦,放假\n")).toMatchObject({ year: 2027 });
  });

  it.each([
    ["", "空"],
    ["{", "JSON"],
    ['{"year":2027}', "days"],
    ['{"days":[{"date":"2027-01-01"}]}', "第 1 项"],
    ["甲,乙", "日期"],
  ])("tells what is wrong with %j", (content, part) => {
    expect(readNotice(content).fault).toContain(part);
  });

  it("names what it replaces, with the reason, only as a correction", () => {
    const file = readNotice("2027-01-01,元旦,放假");
    const form = { year: 2027, title: " 通知 ", reason: "更正" };
    expect(noticeRequest(file, form, undefined, true)).toMatchObject({ title: "通知", dry_run: true, reason: undefined });
    expect(noticeRequest(file, form, "release-2027", false)).toMatchObject({ replaces: "release-2027", reason: "更正" });
  });
});
