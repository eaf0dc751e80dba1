import { expect, it } from "vitest";
import { pairOf } from "./pair";

it("compares the latest with the one before it unless asked otherwise", () => {
  expect(pairOf([1, 2, 3], NaN, NaN)).toEqual([2, 3]);
  expect(pairOf([3, 1, 2], 1, 3)).toEqual([1, 3]);
  expect(pairOf([1, 2, 3], 3, 1)).toEqual([3, 1]);
});

it("never compares a version with itself or with one that is not there", () => {
  expect(pairOf([1, 2], 2, 2)).toEqual([1, 2]);
  expect(pairOf([1, 2], 7, 1)).toEqual([2, 1]);
  expect(pairOf([1], 1, 1)).toEqual([0, 0]);
  expect(pairOf([], 0, 0)).toEqual([0, 0]);
});
