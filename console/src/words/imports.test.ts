import { expect, it } from "vitest";
import { contentOf, doubled, progressOf, reasonWords, sizeWords, toCorrect } from "./imports";

it("tells how far a phase is, and nothing while its size is not known", () => {
  expect(progressOf({ rows_done: 5, rows_total: 0 })).toBeUndefined();
  expect(progressOf({ rows_done: 1, rows_total: 3 })).toBe(33);
  expect(progressOf({ rows_done: 9, rows_total: 3 })).toBe(100);
});

it("tells where a cell is and the clause it offends", () => {
  expect(reasonWords({ sheet: "数据项", line: 7, column: "C", code: "required", message: "没有名称", basis: "CN-13.2" })).toBe(
    "数据项!C7：没有名称（依据《政务数据共享条例》第十三条第二款）",
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

it("judges by its columns what a sheet holds", () => {
  const of = (...fields: string[]) => contentOf(fields.map((field, at) => ({ column: String.fromCharCode(65 + at), field })));
  expect(of("name", "abstract", "")).toBe("resources");
  expect(of("serial", "items.code", "items.type")).toBe("items");
  expect(of("name", "abstract", "items.code")).toBe("both");
  expect(of("", "")).toBe("ignored");
});

it("takes a sheet that was not understood for what its known columns say, and leaves the others", () => {
  const columns = [
    { column: "A", field: "class_code" },
    { column: "B", field: "items.code" },
  ];
  const strange = { sheet: "CSV", content: "ignored" as const, columns };
  const notes = { sheet: "说明", content: "ignored" as const, columns: [{ column: "A", field: "" }] };
  expect(toCorrect({ state: "unmapped", sheets: [strange, notes] }).map(({ content }) => content)).toEqual(["both", "ignored"]);
  expect(toCorrect({ state: "checked", sheets: [strange] })[0]?.content).toBe("ignored");
});
