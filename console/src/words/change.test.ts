import { expect, it } from "vitest";
import { changeWords } from "./change";
import type { Labels } from "./labels";

const named = new Map<string, Labels>([
  ["level", { general_2: "一般2级", general_4: "一般4级" }],
  ["method", { service_api: "服务接口", file_download: "文件下载" }],
]);

it("tells codes by their names, lists and yes or no", () => {
  expect(changeWords("entry", "methods", ["service_api", "file_download"], named)).toBe("服务接口、文件下载");
  expect(changeWords("item", "level", "general_4", named)).toBe("一般4级");
  expect(changeWords("item", "key", true, named)).toBe("是");
  expect(changeWords("item", "length", 0, named)).toBe("0");
  expect(changeWords("entry", "abstract", null, named)).toBe("");
});

it("tells domains and the basis of a level", () => {
  expect(changeWords("item", "domain", { values: [{ code: "1", name: "男" }] }, named)).toBe("1 男");
  expect(changeWords("item", "level_basis", { proposed: "general_4", reason: "已公开" }, named)).toBe("规则建议一般4级；理由：已公开");
});
