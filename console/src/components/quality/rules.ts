import type { QualityRule } from "../../api/types";
import { qualityKinds, word } from "../../words/labels";

/** A rule with only what its kind has: the form keeps what was typed before the kind was changed. */
export function tidyRule(rule: Partial<QualityRule>): QualityRule {
  const { kind = "", item = "", pattern, values, min, max } = rule;
  switch (kind) {
    case "pattern":
      return { kind, item, pattern: pattern ?? "" };
    case "domain":
      return { kind, item, values: values ?? [] };
    case "range":
      return { kind, item, min: min?.trim() || undefined, max: max?.trim() || undefined };
    default:
      return { kind, item };
  }
}

/** A rule in words: 范围 0 至 150. */
export function ruleWords(rule: QualityRule): string {
  const name = word(qualityKinds, rule.kind);
  switch (rule.kind) {
    case "pattern":
      return `${name} ${rule.pattern ?? ""}`;
    case "domain":
      return `${name} ${(rule.values ?? []).join("、")}`;
    case "range":
      return `${name} ${rule.min ?? "不限"} 至 ${rule.max ?? "不限"}`;
    default:
      return name;
  }
}
