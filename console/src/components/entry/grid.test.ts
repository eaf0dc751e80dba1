import { describe, expect, it } from "vitest";
import type { Item } from "../../api/types";
import type { Labels } from "../../words/labels";
import { isBlank, mostItems, paste, readTSV } from "./grid";

const named = new Map<string, Labels>([
  ["item_field", { name: "名称", code: "代码", type: "数据类型", length: "长度", key: "主键", level: "分级" }],
  ["item_type", { C: "字符型", N: "数值型" }],
  ["level", { general_1: "一般1级", general_4: "一般4级" }],
]);

describe("the clipboard of a spreadsheet", () => {
  it("is read with its quoted cells", () => {
    expect(readTSV('a\tb\r\n"第一行\n第二行"\t"他说""好"""\r\n')).toEqual([
      ["a", "b"],
      ["第一行\n第二行", '他说"好"'],
    ]);
    expect(readTSV("")).toEqual([[""]]);
  });
});

describe("pasting into the table", () => {
  const before: Item[] = [{ code: "old", name: "旧", length: 5 }];

  it("fills from the cell on to the right and down, and adds rows", () => {
    const done = paste(before, 0, "name", "姓名\txm\t字符型\t20\n年龄\tnl\tN\t3", named);
    expect(done.items).toEqual([
      { code: "xm", name: "姓名", type: "C", length: 20 },
      { code: "nl", name: "年龄", type: "N", length: 3 },
    ]);
    expect(done).toMatchObject({ rows: 2, unknown: [], left: 0 });
    expect(before).toEqual([{ code: "old", name: "旧", length: 5 }]);
  });

  it("goes by a heading row, whatever the order, and leaves out columns it does not know", () => {
    const done = paste([], 0, "name", "序号\t字段名\t中文名称\t是否主键\t分级\n1\tsfzh\t身份证号\t是\t一般 4 级", named);
    expect(done.items).toEqual([{ code: "sfzh", name: "身份证号", key: true, level: "general_4" }]);
  });

  it("keeps what is there where a cell is blank, and tells what it does not understand", () => {
    const done = paste(before, 0, "name", "\t\t怪\t很长", named);
    expect(done.items).toEqual(before);
    expect(done.unknown).toEqual([
      { row: 0, field: "type", text: "怪" },
      { row: 0, field: "length", text: "很长" },
    ]);
  });

  it("takes no more than an entry holds", () => {
    const done = paste([], mostItems - 1, "name", "a\nb\nc", named);
    expect(done).toMatchObject({ rows: 1, left: 2 });
    expect(done.items).toHaveLength(mostItems);
  });
});

it("knows a blank row", () => {
  expect(isBlank({ code: "" })).toBe(true);
  expect(isBlank({ code: "", key: false })).toBe(true);
  expect(isBlank({ code: "", name: "x" })).toBe(false);
});
