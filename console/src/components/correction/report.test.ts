import { expect, it } from "vitest";
import { reportOf } from "./report";

it("leaves out lines that nobody filled, and keeps values out of everything but the sealed part", () => {
  expect(
    reportOf({
      procedure: "correction",
      grant: "g1",
      source: " 01A2 ",
      kind: "wrong",
      key: [{ item: "id_number", value: " 1 " }, {}],
      claims: [{ item: "name", found: "甲", right: " " }, {}],
      problem: " 姓名不符 ",
    }),
  ).toEqual({
    procedure: "correction",
    grant: "g1",
    source: "01a2",
    kind: "wrong",
    key: { id_number: "1" },
    claims: [{ item: "name", found: "甲", right: undefined }],
    problem: "姓名不符",
    evidence: undefined,
  });
});
