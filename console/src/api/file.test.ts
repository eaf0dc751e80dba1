import { expect, it } from "vitest";
import { fileName } from "./file";

it("finds the name of a file, Chinese ones included", () => {
  expect(fileName(`attachment; filename*=UTF-8''${encodeURIComponent("目录（错误）.xlsx")}`)).toBe("目录（错误）.xlsx");
  expect(fileName('attachment; filename="a b.zip"')).toBe("a b.zip");
  expect(fileName("attachment; filename*=UTF-8''%E4%ZZ")).toBe("download");
  expect(fileName(null)).toBe("download");
});
