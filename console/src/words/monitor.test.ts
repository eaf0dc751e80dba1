import { describe, expect, it } from "vitest";
import type { Cutoff, Me } from "../api/types";
import { factSentence, mayJudge, mayLift, phraseFor, targetsFor } from "./monitor";

const me = (roles: string[], more: Partial<Me> = {}) =>
  ({ roles, department: { id: "d1" }, person: { id: "p1" }, ...more }) as unknown as Me;

const cut = (part: Partial<Cutoff>): Cutoff => ({
  id: "c1",
  target: "grant",
  target_id: "g1",
  measure: "cut_off",
  side: "self",
  department: "d1",
  clause: "CN-35",
  reason: "演练",
  at: "2026-11-23T00:00:00Z",
  in_force: true,
  ...part,
});

describe("facts in words", () => {
  it.each([
    ["volume", { calls: 6000, expected: 900, factor: 5, hour: "2026-11-23T14:00:00+08:00" }, "2026-11-23 14 时起一小时内调用 6000 次"],
    ["off_hours", { calls: 300, day: "2026-11-22", from: 7, to: 21, workday: false }, "2026-11-22（休息日）调用 300 次"],
    ["off_hours", { calls: 300, day: "2026-11-23", from: 7, to: 21, workday: true }, "7 时前或者 21 时后调用 300 次"],
    ["sequential", { different_keys: 70, near_percent: 95, gap: 3, threshold_percent: 80 }, "95% 与另一个相差不超过 3"],
    ["misses", { keys: 120, missed: 90, missed_percent: 75, threshold_percent: 70 }, "90 个查无结果，占 75%"],
    ["refused", { refused_calls: 50, minutes: 5 }, "5 分钟内 50 次调用"],
    ["new_address", { network: "192.0.2.0/24", known_since: "2026-11-01T08:00:00+08:00" }, "自 2026-11-01 以来"],
  ] as const)("%s", (kind, facts, part) => {
    expect(factSentence({ kind, facts, name: "规则" })).toContain(part);
  });

  it("says when a fact is missing, and does not fail", () => {
    expect(factSentence({ kind: "misses", facts: {}, name: "规则" })).toContain("？");
  });
});

describe("who may", () => {
  it("offers a department its own things, an engineer systems, an authority everything, others nothing", () => {
    expect(targetsFor(me(["engineer"]))).toEqual(["system"]);
    expect(targetsFor(me(["office_head"]))).not.toContain("all");
    expect(targetsFor(me(["supervisor"], { territory: "130000" }))).toContain("all");
    expect(targetsFor(me(["supervisor"]))).toEqual([]);
    expect(targetsFor(me(["clerk", "auditor"]))).toEqual([]);
  });

  it("lets the provider's heads and supervisors judge, never the consumer", () => {
    expect(mayJudge({ provider: "d1" }, me(["office_head"]))).toBe(true);
    expect(mayJudge({ provider: "d2" }, me(["office_head"]))).toBe(false);
    expect(mayJudge({ provider: "d1" }, me(["clerk"]))).toBe(false);
    expect(mayJudge({ provider: "d2" }, me(["supervisor"], { territory: "130000" }))).toBe(true);
  });

  it("lets the side that cut off lift", () => {
    expect(mayLift(cut({}), me(["department_head"]))).toBe(true);
    expect(mayLift(cut({}), me(["engineer"]))).toBe(false);
    expect(mayLift(cut({ target: "system" }), me(["engineer"]))).toBe(true);
    expect(mayLift(cut({ department: "d2" }), me(["department_head"]))).toBe(false);
    expect(mayLift(cut({ side: "authority" }), me(["department_head"]))).toBe(false);
    expect(mayLift(cut({ side: "authority" }), me(["supervisor"], { territory: "130000" }))).toBe(true);
    expect(mayLift(cut({ side: "platform", department: undefined }), me(["office_head"]))).toBe(true);
    expect(mayLift(cut({ in_force: false }), me(["department_head"]))).toBe(false);
  });

  it("asks for the thing to be named", () => {
    expect(phraseFor("all")).toBe("停止全部服务");
    expect(phraseFor("system")).toBe("停止信息系统");
  });
});
