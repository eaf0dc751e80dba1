import { expect, it } from "vitest";
import { prefill } from "../case/prefill";
import { filled, type FormField } from "./model";

const field = (id: string): FormField => ({ id, name: id, type: "text", required: false });

it("leaves out what was never filled", () => {
  expect(filled({ basis: " ", items: [], until: undefined, mode: "query", flag: false, days: 0 })).toEqual({
    mode: "query",
    flag: false,
    days: 0,
  });
});

it("sends blank what was filled before and is cleared now", () => {
  expect(filled({ basis: "", clear_items: [] }, { basis: "旧", clear_items: ["id_no"] })).toEqual({
    basis: "",
    clear_items: [],
  });
});

it("starts a step's form from the case, but never from another's remarks", () => {
  const action = { fields: ["basis", "opinion", "reasons", "agreed_items"].map(field) };
  expect(prefill(action, { basis: "依据", opinion: "同意", reasons: "不全", items: ["name"] })).toEqual({
    basis: "依据",
    agreed_items: ["name"],
  });
});
