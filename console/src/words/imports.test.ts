import { expect, it } from "vitest";
import { doubled, progressOf, reasonWords, sizeWords } from "./imports";

it("tells how far a phase is, and nothing while its size is not known", () => {
  expect(progressOf({ rows_done: 5, rows_total: 0 })).toBeUndefined();
  expect(progressOf({ rows_done: 1, rows_total: 3 })).toBe(33);
  expect(progressOf({ rows_done: 9, rows_total: 3 })).toBe(100);
});

it("tells where a cell is and the clause it offends", () => {
  expect(reasonWords({ sheet: "数据项", line: 7, column: "C", code: "required", message: "没有名称", basis: "CN-13.2" })).toBe(
    "数据项!C7：没有名称（依据第十三条第二款）",
  );
  expect(reasonWords({ sheet: "数据项", line: 7, code: "x", message: "重复" })).toBe("数据项!7：重复");
});

it("finds fields that two columns claim; columns that are left out are none", () => {
  const column = (name: string, field: string) => ({ column: name, field });
  expect(doubled({ sheet: "s", content: "items", columns: [column("A", "name"), column("B", ""), column("C", ""), column("D", "name")] })).toEqual(["name"]);
});

it("tells sizes", () => {
  expect([sizeWords(10), sizeWords(2048), sizeWords(5 * 1024 * 1024)]).toEqual(["10 字节", "2 KB", "5.0 MB"]);
});
