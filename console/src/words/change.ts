import type { CodeValue, Domain } from "../api/types";
import type { Labels } from "./labels";
import { domainWords } from "./domain";

/** Fields whose values are codes, with their enumeration. */
const coded: Readonly<Record<"entry" | "item", Labels>> = {
  entry: {
    attribute: "attribute", methods: "method", level: "level", collection: "collection", open_attribute: "open_attribute",
    format_kind: "format_kind", frequency: "frequency",
  },
  item: { type: "item_type", level: "level", sensitivity: "sensitivity", attribute: "attribute" },
};

const isBag = (value: unknown): value is Record<string, unknown> => typeof value === "object" && value !== null && !Array.isArray(value);

function isDomain(value: Record<string, unknown>): value is Domain & Record<string, unknown> {
  const values = value["values"];
  return values === undefined || (Array.isArray(values) && values.every((one): one is CodeValue => isBag(one) && typeof one["code"] === "string"));
}

/** A value of a field in words; empty for none. */
export function changeWords(of: "entry" | "item", field: string, value: unknown, named: ReadonlyMap<string, Labels> | undefined): string {
  if (value === null || value === undefined || value === "") return "";
  if (typeof value === "boolean") return value ? "是" : "否";
  if (Array.isArray(value)) return value.map((one) => changeWords(of, field, one, named)).join("、");
  if (isBag(value)) {
    if (field === "domain" && isDomain(value)) return domainWords(value, 20);
    if (field === "level_basis") {
      const level = changeWords(of, "level", value["proposed"], named);
      return [level && `规则建议${level}`, value["reason"] && `理由：${String(value["reason"])}`].filter(Boolean).join("；");
    }
    if (field === "upstream") return String(value["url"] ?? "");
    return JSON.stringify(value);
  }
  const text = String(value);
  return named?.get(coded[of][field] ?? "")?.[text] ?? text;
}
