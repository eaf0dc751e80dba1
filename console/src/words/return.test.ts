import { expect, it } from "vitest";
import { safeReturn } from "./return";

it.each([
  ["/cases/1?x=2", "/cases/1?x=2"],
  [null, "/todos"],
  ["https://elsewhere.example/", "/todos"],
  ["//elsewhere.example/", "/todos"],
  ["/\\elsewhere.example/", "/todos"],
  ["/sign-in?to=/sign-in", "/todos"],
])("after signing in, %s leads to %s", (to, place) => expect(safeReturn(to)).toBe(place));
