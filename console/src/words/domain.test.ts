import { expect, it } from "vitest";
import { domainWords, readCodes, tidyDomain, writeCodes } from "./domain";

it("reads codes however they are written, and writes them back", () => {
  const codes = readCodes("1\t男\n2=女\r\n 9：未说明 \n\nA 其 他\nB");
  expect(codes).toEqual([
    { code: "1", name: "男" },
    { code: "2", name: "女" },
    { code: "9", name: "未说明" },
    { code: "A", name: "其 他" },
    { code: "B" },
  ]);
  expect(readCodes(writeCodes(codes))).toEqual(codes);
});

it("tells a domain in words", () => {
  expect(domainWords({ values: [{ code: "1", name: "男" }, { code: "2" }, { code: "9" }], scheme: "GB/T 2261.1" }, 2)).toBe(
    "GB/T 2261.1；1 男、2 等 3 个",
  );
  expect(domainWords({ min: "0" }, 2)).toBe("0 至 不限");
});

it("keeps nothing of an empty domain", () => {
  expect(tidyDomain({ values: [], min: "", pattern: "" })).toBeUndefined();
  expect(tidyDomain({ values: [], max: "9" })).toEqual({ max: "9" });
});
