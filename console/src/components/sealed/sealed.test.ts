import { describe, expect, it } from "vitest";
import type { CaseView, Me } from "../../api/types";
import { firstValues, mayFileValues, mayReveal, valuesRequest, valueWords } from "./sealed";

const view = (part: Partial<CaseView> = {}) =>
  ({
    procedure: "correction",
    stage: "received",
    final: false,
    parties: [
      { party: "consumer", department: "c" },
      { party: "provider", department: "p" },
    ],
    ...part,
  }) as unknown as CaseView;

const me = (department: string, ...roles: string[]) => ({ department: { id: department }, roles }) as unknown as Me;

describe("who may look", () => {
  it("lets clerks and office heads of both sides, nobody else", () => {
    expect(mayReveal(view(), me("p", "clerk"))).toBe(true);
    expect(mayReveal(view(), me("c", "office_head"))).toBe(true);
    expect(mayReveal(view(), me("p", "department_head"))).toBe(false);
    expect(mayReveal(view(), me("x", "clerk"))).toBe(false);
    expect(mayReveal(view({ procedure: "application" }), me("p", "clerk"))).toBe(false);
  });

  it("does not show the provider what the authority has not forwarded", () => {
    const waiting = view({ procedure: "correction_via_authority", stage: "with_authority" });
    expect(mayReveal(waiting, me("p", "clerk"))).toBe(false);
    expect(mayReveal(waiting, me("c", "clerk"))).toBe(true);
    expect(mayFileValues(waiting, me("p", "clerk"))).toBe(false);
  });

  it("lets the provider alone file values, while the case is open", () => {
    expect(mayFileValues(view(), me("p", "clerk"))).toBe(true);
    expect(mayFileValues(view(), me("c", "clerk"))).toBe(false);
    expect(mayFileValues(view({ final: true }), me("p", "clerk"))).toBe(false);
  });
});

describe("values", () => {
  it("begin with what was filed, else with what the consumer thinks right", () => {
    const sealed = {
      record: "r",
      key: {},
      claims: [{ item: "name", right: "甲" }, { item: "age", right: 3 }, { item: "note" }],
      filed: { name: "乙" },
    };
    expect(firstValues(sealed)).toEqual({ name: "乙", age: "3", note: "" });
  });

  it("leave out blank lines", () => {
    expect(valuesRequest({ name: " 乙 ", note: "  ", more: undefined })).toEqual({ name: "乙" });
  });

  it("are told in words", () => {
    expect([undefined, null, true, 7, "甲"].map(valueWords)).toEqual(["—", "（空）", "是", "7", "甲"]);
  });
});
