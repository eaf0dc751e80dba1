import type { CodeValue, Domain } from "../api/types";

/** Reads codes as people write them: a line each, code and meaning apart by a tab, "=" or spaces. */
export function readCodes(text: string): CodeValue[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => {
      const [, code = line, name = ""] = /^(.*?)\s*(?:\t|[=＝:：]|\s)\s*(.*)$/.exec(line) ?? [];
      return name ? { code, name } : { code };
    });
}

/** Codes as they are written, a line each. */
export function writeCodes(values: readonly CodeValue[]): string {
  return values.map(({ code, name }) => (name ? `${code}\t${name}` : code)).join("\n");
}

/** A value domain in words, with the first so many codes. */
export function domainWords(domain: Domain, most: number): string {
  const { values = [], min, max, pattern, scheme } = domain;
  const shown = values.slice(0, most).map(({ code, name }) => (name ? `${code} ${name}` : code));
  const parts = [
    scheme,
    shown.length > 0 && shown.join("、") + (values.length > most ? ` 等 ${values.length} 个` : ""),
    (min || max) && `${min || "不限"} 至 ${max || "不限"}`,
    pattern && `正则 ${pattern}`,
  ].filter(Boolean);
  return parts.join("；");
}

/** A domain without empty parts; undefined when nothing is left of it. */
export function tidyDomain(domain: Domain | undefined): Domain | undefined {
  const parts = Object.entries(domain ?? {}).filter(([, part]) => (Array.isArray(part) ? part.length > 0 : Boolean(part)));
  return parts.length > 0 ? (Object.fromEntries(parts) as Domain) : undefined;
}
