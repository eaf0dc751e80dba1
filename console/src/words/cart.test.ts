import { describe, expect, it } from "vitest";
import type { CartLine } from "../api/types";
import { cartRequest, sameChoice, tidyChoice, withOnlyMethod } from "./cart";

const line = (resource: string, part: Partial<CartLine> = {}): CartLine => ({
  resource,
  purposes: [],
  methods: ["service_api"],
  offered: [],
  choice: {},
  ready: true,
  notes: [],
  added_at: "2026-11-23T00:00:00Z",
  ...part,
});

describe("a choice", () => {
  it("leaves out what is blank or half filled", () => {
    expect(
      tidyChoice({
        items: ["name"],
        clear_items: ["name", "gone"],
        rows: [
          { item: "region", op: "prefix", values: ["1301"] },
          { item: "", op: "eq", values: [] },
          { item: "region", op: "eq", values: [] },
        ],
      }),
    ).toEqual({ items: ["name"], clear_items: ["name"], rows: [{ item: "region", op: "prefix", values: ["1301"] }] });
    expect(tidyChoice({ items: [], rows: [] })).toEqual({});
  });

  it("is unchanged by a row that was only begun", () => {
    expect(sameChoice({ items: ["a"] }, { items: ["a"], rows: [{ item: "", op: "eq", values: [] }] })).toBe(true);
    expect(sameChoice({ items: ["a"] }, { items: ["a", "b"] })).toBe(false);
  });

  it("has the only method", () => {
    expect(withOnlyMethod(line("r")).method).toBe("service_api");
    expect(withOnlyMethod(line("r", { methods: ["service_api", "batch_exchange"] })).method).toBeUndefined();
  });
});

it("asks for the entries in the order shown, each with its choice", () => {
  const applied = [
    { line: line("r2"), choice: { items: ["b"] } },
    { line: line("r1"), choice: {} },
  ];
  expect(cartRequest({ basis: "依据" }, applied, true)).toEqual({
    fields: { basis: "依据" },
    resources: ["r2", "r1"],
    own: { r2: { items: ["b"] }, r1: {} },
    propose: true,
  });
});
