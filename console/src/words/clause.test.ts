import { describe, expect, it } from "vitest";
import { clauseName, numeral } from "./clause";

describe("clauseName", () => {
  it.each([
    ["CN-21.2", "《政务数据共享条例》第二十一条第二款"],
    ["CN-8", "《政务数据共享条例》第八条"],
    ["HB-15", "《河北省政务数据共享应用管理办法》第十五条"],
    ["something else", "something else"],
  ])("%s", (id, name) => expect(clauseName(id)).toBe(name));
});

describe("numeral", () => {
  it.each([
    [1, "一"],
    [10, "十"],
    [11, "十一"],
    [20, "二十"],
    [43, "四十三"],
  ])("%i", (n, words) => expect(numeral(n)).toBe(words));
});
