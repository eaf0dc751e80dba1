import { expect, it } from "vitest";
import { recordKind } from "./model";

it.each([
  ["systems", "system"],
  ["new_systems", "system"],
  ["cut_grants", "grant"],
  ["grant", "grant"],
  ["resources", "resource"],
  ["departments", "department"],
  ["about", "department"],
  ["transfer_to", "department"],
  ["origin", "case"],
  ["violation", "other"],
])("knows what %s names", (id, kind) => {
  expect(recordKind({ id })).toBe(kind);
});
