import type { Import, ImportReason, ImportSheet } from "../api/types";
import type { Labels } from "./labels";
import { clauseName } from "./clause";

export const importStates: Labels = {
  uploading: "上传中",
  waiting: "等待预检",
  checking: "预检中",
  unmapped: "待指定列的对应",
  checked: "预检完成，待提交",
  queued: "等待提交",
  committing: "提交中",
  done: "已完成",
  failed: "失败",
  cancelled: "已取消",
};

export const importColours: Readonly<Record<string, string>> = {
  unmapped: "orange",
  checked: "gold",
  done: "green",
  failed: "red",
  uploading: "blue",
  waiting: "blue",
  checking: "blue",
  queued: "blue",
  committing: "blue",
};

export const outcomes = { new: "新增", changed: "修改", unchanged: "不变", refused: "未通过" } as const;

export const outcomeColours: Readonly<Record<string, string>> = { new: "green", changed: "blue", unchanged: "default", refused: "red" };

export const contents: Labels = { resources: "信息资源", items: "数据项", both: "一行一个数据项，并重复信息资源", ignored: "不导入" };

export const itemChanges: Labels = { added: "新增", removed: "删除", changed: "修改", renamed: "改代码" };

/** Percent of the phase that is done; undefined while the size is not known. */
export function progressOf({ rows_done, rows_total }: Pick<Import, "rows_done" | "rows_total">): number | undefined {
  return rows_total > 0 ? Math.min(100, Math.floor((100 * rows_done) / rows_total)) : undefined;
}

/** Where a cell is and what is wrong with it: 信息资源!C7：…… */
export function reasonWords({ sheet, line, column, message, basis }: ImportReason): string {
  return `${sheet}!${column ?? ""}${line}：${message}${basis ? `（依据${clauseName(basis)}）` : ""}`;
}

/** How many resources a commit would write. */
export const writable = ({ counts }: Pick<Import, "counts">): number => counts.new + counts.changed;

/** Bytes in words. */
export function sizeWords(bytes: number): string {
  if (bytes < 1024) return `${bytes} 字节`;
  if (bytes < 1024 * 1024) return `${(bytes / 1024).toFixed(0)} KB`;
  return `${(bytes / 1024 / 1024).toFixed(1)} MB`;
}

/** Fields that several columns of a sheet claim: the reader has to choose. */
export function doubled(sheet: ImportSheet): string[] {
  const fields = sheet.columns.map(({ field }) => field).filter(Boolean);
  return [...new Set(fields.filter((field, at) => fields.indexOf(field) !== at))];
}

/** Fields by which a line of items says whose they are. */
const links: ReadonlySet<string> = new Set(["code", "serial", "name"]);

/** What a sheet holds, judged by the fields of its columns. */
export function contentOf(columns: ImportSheet["columns"]): ImportSheet["content"] {
  const fields = columns.map(({ field }) => field).filter(Boolean);
  const items = fields.some((field) => field.startsWith("items."));
  const entries = fields.some((field) => !field.startsWith("items.") && !links.has(field));
  if (items) return entries ? "both" : "items";
  return fields.length > 0 ? "resources" : "ignored";
}

/** Sheets for the reader to correct: one that was not understood, but has known columns, is taken for what they say. */
export function toCorrect(one: Pick<Import, "state" | "sheets">): ImportSheet[] {
  return one.sheets.map((sheet) => {
    const known = sheet.columns.filter(({ field }) => field).length;
    return one.state === "unmapped" && sheet.content === "ignored" && known >= 2 ? { ...sheet, content: contentOf(sheet.columns) } : sheet;
  });
}
