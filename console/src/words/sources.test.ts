import { expect, it } from "vitest";
import { countsOf, elementStates, remedyPath } from "./sources";

it("counts in the order in which states ask for attention", () => {
  const counts = { designated: 4, unpublished: 1, single: 2, unsettled: 3, absent: 5, conflicts: 9 };
  expect(countsOf({ counts }).map(({ count }) => count)).toEqual([3, 1, 2, 4, 5]);
  expect(countsOf({ counts }).map(({ name }) => name)).toEqual(Object.values(elementStates));
});

it.each([
  [{ kind: "apply", procedure: "application", subject: "r1" }, "/catalog/r1/apply"],
  [{ kind: "apply" }, undefined],
  [{ kind: "demand", procedure: "demand" }, "/demands/new?words=%E6%88%BF%E5%B1%8B"],
  [{ kind: "collect", procedure: "collection_plan" }, "/start/collection_plan/draft"],
  [{ kind: "justify" }, undefined],
] as const)("%o leads to %s", (remedy, path) => {
  expect(remedyPath(remedy, "房屋")).toBe(path);
});
