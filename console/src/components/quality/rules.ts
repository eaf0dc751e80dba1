import type { QualityRule } from "../../api/types";
import { qualityKinds, word } from "../../words/labels";

/** A rule with only what its kind has: the form keeps what was typed before the kind was changed. */
export function tidyRule(rule: Partial<QualityRule>): QualityRule {
  const { kind = "", item = "", pattern, values, min, max, resource, target, op, other } = rule;
  switch (kind) {
    case "pattern":
      return { kind, item, pattern: pattern ?? "" };
    case "domain":
      return { kind, item, values: values ?? [] };
    case "range":
      return { kind, item, min: min?.trim() || undefined, max: max?.trim() || undefined };
    case "referential":
      return { kind, item, resource: resource ?? "", target: target?.trim() || undefined };
    case "compare":
      return { kind, item, op: op ?? "", other: other ?? "" };
    default:
      return { kind, item };
  }
}

/** How two items of a row may be compared. */
export const comparisons: Readonly<Record<string, string>> = {
  lt: "小于",
  le: "不大于",
  eq: "等于",
  ne: "不等于",
  ge: "不小于",
  gt: "大于",
};

/** A rule in words: 范围 0 至 150. Items are told by name where that is known. */
export function ruleWords(rule: QualityRule, name: (code: string) => string = (code) => code): string {
  const kind = word(qualityKinds, rule.kind);
  switch (rule.kind) {
    case "pattern":
      return `${kind} ${rule.pattern ?? ""}`;
    case "domain":
      return `${kind} ${(rule.values ?? []).join("、")}`;
    case "range":
      return `${kind} ${rule.min ?? "不限"} 至 ${rule.max ?? "不限"}`;
    case "referential":
      return `${kind} 值须存在于另一资源的 ${rule.target ?? "主键"}`;
    case "compare":
      return `${kind} ${word(comparisons, rule.op)} ${name(rule.other ?? "")}`;
    default:
      return kind;
  }
}
