import { describe, expect, it } from "vitest";
import { Problem } from "../../api/problem";
import type { Entry, Item, LevelProposal } from "../../api/types";
import { accepted, citing, deviating, isOpen } from "./advice";
import { mended, partFaults } from "./itemFaults";
import { tidyEntry } from "./tidy";

const levels = ["general_1", "general_2", "general_3", "general_4", "important", "core"];
const proposal: LevelProposal = {
  item: "sfzh",
  rule: "id",
  rule_name: "身份证号",
  level: "general_4",
  sensitivity: "resident_id",
  masked: true,
  by: "name",
  reason: "按数据项名称判断",
};
const item: Item = { code: "sfzh", name: "身份证号", level: "general_1" };

describe("a proposal", () => {
  it("is open until it is accepted", () => {
    expect(isOpen(item, proposal, levels)).toBe(true);
    const after = accepted(item, proposal, levels);
    expect(after).toMatchObject({ level: "general_4", sensitivity: "resident_id", masked: true });
    expect(isOpen(after, proposal, levels)).toBe(false);
  });

  it("lowers no level that is higher", () => {
    expect(accepted({ ...item, level: "important" }, proposal, levels).level).toBe("important");
  });

  it("is departed from only with a reason, which is sent alone", () => {
    expect(isOpen(deviating(item, "  "), proposal, levels)).toBe(true);
    const after = deviating({ ...item, level_basis: { rule: "id", proposed: "general_4", by: "x" } }, " 已依法公开 ");
    expect(isOpen(after, proposal, levels)).toBe(false);
    expect(tidyEntry({ name: "n", items: [after] }).items?.[0]?.level_basis).toEqual({ reason: "已依法公开" });
  });
});

it("citing an element fills only what is blank; type and length go together", () => {
  const element = { code: "DE-XM", version: 1, name: "姓名", english_name: "name", type: "C", length: 100, format: "文字", definition: "" };
  expect(citing({ code: "xm" }, element)).toMatchObject({ code: "xm", element: "DE-XM", name: "姓名", type: "C", length: 100, format: "文字" });
  expect(citing({ code: "xm", name: "名字", type: "C" }, element)).toMatchObject({ name: "名字", type: "C", length: undefined });
});

it("sends a name even where there is none yet: advice is asked for before it is written", () => {
  expect(tidyEntry({ items: [{ code: "a" }] } as unknown as Entry)).toEqual({ name: "", items: [{ code: "a" }] });
});

it("sends no blank rows from the end of the table, and keeps those in the middle to be told", () => {
  expect(tidyEntry({ name: "n", items: [{ code: "a" }, { code: "" }, { code: "b", length: undefined }, { code: "" }] }).items).toEqual([
    { code: "a" },
    { code: "" },
    { code: "b" },
  ]);
});

describe("faults of items", () => {
  const problem = new Problem(400, "draft_invalid", "有误", undefined, [
    { field: "entry.items[2].level", code: "required", message: "未定级" },
    { field: "body.entry.items[2].domain.min", code: "type", message: "下限不符" },
    { field: "entry.items[0]", code: "x", message: "重复" },
    { field: "entry.name", code: "required", message: "没有名称" },
  ]);

  it("go to their cells, the others to the form", () => {
    const { rest, items } = partFaults(problem);
    expect(rest.fields.map(({ field }) => field)).toEqual(["entry.name"]);
    expect(items.get(2)).toEqual({ level: ["未定级"], domain: ["下限不符"] });
    expect(items.get(0)).toEqual({ code: ["重复"] });
  });

  it("are taken back cell by cell", () => {
    const { items } = partFaults(problem);
    const after = mended(items, 2, ["level"]);
    expect(after.get(2)).toEqual({ domain: ["下限不符"] });
    expect(mended(after, 2, ["domain"]).has(2)).toBe(false);
    expect(mended(items, 0, ["name"])).toBe(items);
  });
});
