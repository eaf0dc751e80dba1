import { describe, expect, it } from "vitest";
import type { Start } from "../api/types";
import { byChapter, disputeStart, matching, startFault, startFields, startPath, startRequest, whoWords } from "./starts";

const start = (part: Partial<Start> & { id?: string }): Start => ({
  procedure: "inspection",
  procedure_name: "监督检查",
  clause: "CN-29.1",
  article: "《政务数据共享条例》第二十九条第一款",
  instrument: "政务数据共享条例",
  chapter: "第四章 共享使用",
  who: ["检查机关的同级主管部门"],
  subject: "none",
  title: "optional",
  parties: [],
  action: { id: part.id ?? "plan", name: "制定检查计划", fields: [] },
  ...part,
});

describe("the list", () => {
  const list = [
    start({}),
    start({ procedure: "incident", procedure_name: "安全事件处置", chapter: "第六章 保障措施", who: ["事发部门经办人"] }),
    start({ procedure: "library", procedure_name: "基础库", instrument: "办法", chapter: "第四章 共享使用" }),
  ];

  it("keeps chapters of two instruments apart, in the order they came", () => {
    expect(byChapter(list).map(({ instrument, chapter }) => `${instrument}${chapter}`)).toEqual([
      "政务数据共享条例第四章 共享使用",
      "政务数据共享条例第六章 保障措施",
      "办法第四章 共享使用",
    ]);
  });

  it("finds by every word, wherever it stands", () => {
    expect(matching(list, " 事件  经办人 ").map(({ procedure }) => procedure)).toEqual(["incident"]);
    expect(matching(list, "第二十九条")).toHaveLength(3);
    expect(matching(list, "没有")).toEqual([]);
    expect(matching(list, "")).toHaveLength(3);
  });
});

it("says the department once", () => {
  expect(whoWords(["事发部门经办人", "事发部门系统对接人员"])).toBe("事发部门的经办人、系统对接人员");
  expect(whoWords(["报告单位经办人", "报告单位的同级主管部门"])).toBe("报告单位的经办人、同级主管部门");
  expect(whoWords(["提供部门的同级主管部门", "需求部门的同级主管部门"])).toBe("提供部门的同级主管部门、需求部门的同级主管部门");
  expect(whoWords(["经办人"])).toBe("经办人");
});

it("asks for subject, departments and title besides the fields, and sends them where they belong", () => {
  const one = start({
    subject: "liability",
    subject_label: "违反的责任条款",
    parties: [{ party: "department", label: "责任部门" }],
    action: { id: "file", name: "报告", fields: [{ id: "description", name: "说明", type: "text", required: true }] },
  });
  expect(startFields(one).map(({ id, required }) => [id, required])).toEqual([
    ["subject", true],
    ["party_department", true],
    ["title", false],
    ["description", true],
  ]);
  expect(startRequest(one, { subject: "CN-39.4", party_department: "d1", description: "逾期" })).toEqual({
    procedure: "inspection",
    action: "file",
    subject: "CN-39.4",
    title: undefined,
    parties: { department: "d1" },
    fields: { description: "逾期" },
  });
});

it("names a fault of a party as the form does", () => {
  expect(startFault("parties.department")).toBe("party_department");
  expect(startFault("body.parties.consumer")).toBe("party_consumer");
  expect(startFault("fields.items[0].name")).toBe("fields.items[0].name");
});

it("leads to the page that begins", () => {
  expect(startPath(start({}))).toBe("/start/inspection/plan");
  expect(startPath(start({ subject: "grant" }), "g1")).toBe("/start/inspection/plan?subject=g1");
  expect(startPath(start({ subject: "sealed" }), "g1")).toBe("/corrections/new?grant=g1");
  expect(startPath(start({ subject: "version" }))).toBe("/catalog?own=1");
});

it("offers the dispute of one's own side only", () => {
  const starts = [
    start({ procedure: "dispute", id: "open_by_consumer" }),
    start({ procedure: "dispute", id: "open_by_provider" }),
  ];
  const parties = { consumer: "c", provider: "p" };
  expect(disputeStart(starts, parties, "p")?.action.id).toBe("open_by_provider");
  expect(disputeStart(starts, parties, "c")?.action.id).toBe("open_by_consumer");
  expect(disputeStart(starts, parties, "x")).toBeUndefined();
  expect(disputeStart(starts, { consumer: "c" }, "c")).toBeUndefined();
  expect(disputeStart([], parties, "c")).toBeUndefined();
});
