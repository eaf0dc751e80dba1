import { expect, it } from "vitest";
import { toProblem } from "../../api/problem";
import type { FormField } from "../form/model";
import { bulkRequest, divide, divideFaults } from "./bulk";

const field = (id: string): FormField => ({ id, name: id, type: "text", required: false });

it("asks once for what all entries share", () => {
  const { common, own } = divide(["basis", "items", "clear_items", "rows", "method", "until"].map(field));
  expect(common.map(({ id }) => id)).toEqual(["basis", "until"]);
  expect(own.map(({ id }) => id)).toEqual(["items", "method"]);
});

it("sends what differs with its entry", () => {
  expect(
    bulkRequest("application", "draft", { basis: "依据" }, [
      { id: "r1", items: ["name"], method: undefined },
      { id: "r2", items: [], method: "service_api" },
    ]),
  ).toEqual({
    procedure: "application",
    action: "draft",
    fields: { basis: "依据" },
    subjects: [
      { subject: "r1", fields: { items: ["name"] } },
      { subject: "r2", fields: { method: "service_api" } },
    ],
  });
});

it("shows a fault of a common field once and the others with their entry", () => {
  const problem = toProblem(400, {
    code: "bulk_invalid",
    detail: "有误",
    errors: [
      { field: "subjects[0].fields.until", code: "past", message: "已过" },
      { field: "subjects[1].fields.until", code: "past", message: "已过" },
      { field: "subjects[1].fields.items[2]", code: "unknown", message: "没有这个数据项", basis: "CN-20.2" },
      { field: "subjects[0].subject", code: "withheld", message: "不予共享" },
    ],
  });
  const { each, common } = divideFaults(problem, [field("until")]);
  expect(common.fields.map(({ field: name }) => name)).toEqual(["fields.until"]);
  expect([...each]).toEqual([
    [1, ["没有这个数据项（依据《政务数据共享条例》第二十条第二款）"]],
    [0, ["不予共享"]],
  ]);
});
