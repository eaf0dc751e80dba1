import { describe, expect, it } from "vitest";
import { placeFaults } from "./faults";
import { problemOf, toProblem } from "./problem";

const refusal = {
  type: "urn:shuqiao:problem:entry_incomplete",
  title: "请求内容有误",
  status: 400,
  detail: "目录内容不完整",
  code: "entry_incomplete",
  basis: "CN-13.2",
  errors: [
    { field: "until", code: "required", message: "使用时限为必填项", basis: "CN-20.2" },
    { field: "fields.items", code: "required", message: "申请的数据项为必填项" },
    { field: "fields.rows[1].values", code: "required", message: "取值为必填项" },
    { field: "body.entry.items[2].level", code: "required", message: "级别为必填项" },
    { field: "provider", code: "unknown", message: "没有这个部门" },
  ],
};

describe("toProblem", () => {
  it("keeps detail, code, clause and every fault", () => {
    const problem = toProblem(400, refusal);
    expect(problem.message).toBe("目录内容不完整");
    expect(problem.code).toBe("entry_incomplete");
    expect(problem.basis).toBe("CN-13.2");
    expect(problem.fields).toHaveLength(5);
  });

  it.each([[undefined], ["<html>502</html>"], [{ errors: "no list" }], [{ errors: [null, 7, {}] }]])(
    "says something of an answer that is no problem document: %j",
    (body) => {
      const problem = toProblem(502, body);
      expect(problem.message).toContain("502");
      expect(problem.fields).toEqual([]);
    },
  );

  it("tells a failed connection from a refusal", () => {
    expect(problemOf(new TypeError("Failed to fetch")).code).toBe("unreachable");
  });
});

describe("placeFaults", () => {
  it("puts every fault beside its field at once, with its clause", () => {
    const { beside, above } = placeFaults(toProblem(400, refusal), {
      names: ["until", "items", "rows"],
      lists: ["items"],
    });
    expect(beside).toEqual([
      { place: ["until"], messages: ["使用时限为必填项（依据《政务数据共享条例》第二十条第二款）"] },
      { place: ["items"], messages: ["申请的数据项为必填项"] },
      { place: ["rows"], messages: ["第 2 项：取值为必填项"] },
      { place: ["items", 2, "level"], messages: ["级别为必填项"] },
    ]);
    expect(above).toEqual(["没有这个部门"]);
  });

  it("gathers several faults of one field", () => {
    const problem = toProblem(400, {
      errors: [
        { field: "until", code: "a", message: "甲" },
        { field: "until", code: "b", message: "乙" },
      ],
    });
    expect(placeFaults(problem, { names: ["until"] }).beside).toEqual([{ place: ["until"], messages: ["甲", "乙"] }]);
  });
});
