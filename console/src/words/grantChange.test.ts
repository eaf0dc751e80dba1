import { expect, it } from "vitest";
import { changeWords } from "./grantChange";

const names = new Map([["name", "姓名"]]);

it("tells before and after, by name and in Beijing time", () => {
  const changed = {
    not_after: { from: "2026-06-30T16:00:00Z", to: "2027-06-30T16:00:00Z" },
    items: { from: ["name"], to: ["name", "id_no"] },
    suspended_provider: { from: false, to: true },
    terminated_at: { from: null, to: "2026-03-01T00:00:00Z" },
  };
  expect(changeWords({ changed }, names)).toEqual([
    "数据项：姓名 → 姓名、id_no",
    "到期时间：2026-07-01 00:00 → 2027-07-01 00:00",
    "提供部门暂停：否 → 是",
    "终止时间：无 → 2026-03-01 08:00",
  ]);
});

it("says nothing of members it does not know", () => {
  expect(changeWords({ changed: { secret: { from: 1, to: 2 } } }, names)).toEqual([]);
});
