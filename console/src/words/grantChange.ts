import type { GrantChange } from "../api/types";
import { modes, word } from "./labels";
import { moment } from "./time";

/** Members of a grant that may change, in the order they are told. */
const members: Readonly<Record<string, string>> = {
  items: "数据项",
  clear: "明文数据项",
  rows: "数据范围",
  purpose: "用途",
  more_purposes: "增加的用途",
  scenario: "使用场景",
  systems: "调用系统",
  mode: "方式",
  method: "共享方式",
  not_before: "生效时间",
  not_after: "到期时间",
  rate_per_second: "每秒调用上限",
  daily_calls: "每日调用上限",
  suspended_consumer: "需求部门暂停",
  suspended_provider: "提供部门暂停",
  suspended_authority: "主管部门暂停",
  terminated_at: "终止时间",
  delivered_at: "首次提供",
  disposed_at: "处置完毕",
};

const moments = new Set(["not_before", "not_after", "terminated_at", "delivered_at", "disposed_at"]);

function told(member: string, value: unknown, names: ReadonlyMap<string, string>): string {
  if (value === null || value === undefined || value === "") return "无";
  if (Array.isArray(value)) return value.map((one) => told(member, one, names)).join("、") || "无";
  if (typeof value === "boolean") return value ? "是" : "否";
  if (typeof value === "object") return JSON.stringify(value);
  const text = String(value);
  if (moments.has(member)) return moment(text);
  if (member === "mode") return word(modes, text);
  return names.get(text) ?? text;
}

/** What a change changed, in words: 到期时间：2026-06-30 → 2027-06-30. */
export function changeWords(change: Pick<GrantChange, "changed">, names: ReadonlyMap<string, string>): string[] {
  return Object.entries(members).flatMap(([member, label]) => {
    const delta = change.changed[member];
    if (!delta) return [];
    return [`${label}：${told(member, delta.from, names)} → ${told(member, delta.to, names)}`];
  });
}
