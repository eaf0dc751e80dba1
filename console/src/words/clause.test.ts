import { describe, expect, it } from "vitest";
import { clauseName, numeral } from "./clause";

describe("clauseName", () => {
  it.each([
    ["CN-21.2", "《政务数据共享条例》第二十一条第二款"],
    ["CN-8", "《政务数据共享条例》第八条"],
    ["HB-15", "《河北省政务数据共享应用管理办法》第十五条"],
    ["something else", "something else"],
  ])("%s", (id, name) => expect(clauseName(id)).toBe(name));

  it.each([
    ["CN-39.4", "第三十九条第四项", "《政务数据共享条例》第三十九条第四项"],
    ["CN-39.4", "《政务数据共享条例》第三十九条第四项", "《政务数据共享条例》第三十九条第四项"],
    ["CN-21.2", undefined, "《政务数据共享条例》第二十一条第二款"],
  ])("%s as the rulebook tells it: %s", (id, told, name) => expect(clauseName(id, told)).toBe(name));
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
