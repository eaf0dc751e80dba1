import type { Item } from "../../api/types";
import type { VocabularyID } from "../../hooks/useVocabulary";
import type { Labels } from "../../words/labels";

/** Fields of an item that are cells of the table; the others are edited beside it. */
export type CellField =
  | "name" | "code" | "type" | "length" | "decimals" | "element" | "level" | "sensitivity" | "key" | "nullable"
  | "masked" | "attribute" | "format" | "english_name" | "description";

/** A column of the table of items. */
export interface GridColumn {
  field: CellField;
  kind: "text" | "number" | "choice" | "yes" | "element";
  /** Enumeration of a choice. */
  of?: VocabularyID;
  /** Width in pixels. */
  width: number;
  /** Other headings by which a pasted table may call it. */
  also?: readonly string[];
}

export const gridColumns: readonly GridColumn[] = [
  { field: "name", kind: "text", width: 140, also: ["中文名", "中文名称", "数据项名称", "信息项名称", "字段中文名", "字段名称"] },
  { field: "code", kind: "text", width: 140, also: ["英文名", "列名", "字段名", "字段英文名", "数据项代码", "字段"] },
  { field: "type", kind: "choice", of: "item_type", width: 104, also: ["类型", "字段类型"] },
  { field: "length", kind: "number", width: 64, also: ["数据长度", "字段长度"] },
  { field: "decimals", kind: "number", width: 64, also: ["小数", "精度"] },
  { field: "element", kind: "element", width: 130, also: ["标准数据元代码", "数据元"] },
  { field: "level", kind: "choice", of: "level", width: 112, also: ["级别", "数据分级", "分类分级"] },
  { field: "sensitivity", kind: "choice", of: "sensitivity", width: 122, also: ["敏感类别"] },
  { field: "key", kind: "yes", width: 48, also: ["是否主键"] },
  { field: "nullable", kind: "yes", width: 48, also: ["是否可空", "允许为空"] },
  { field: "masked", kind: "yes", width: 48, also: ["默认脱敏", "是否脱敏"] },
  { field: "attribute", kind: "choice", of: "attribute", width: 112 },
  { field: "format", kind: "text", width: 120, also: ["格式"] },
  { field: "english_name", kind: "text", width: 140 },
  { field: "description", kind: "text", width: 220, also: ["描述", "备注", "字段说明"] },
];

/** Names of codes, by enumeration. */
export type Named = ReadonlyMap<string, Labels>;

/**
 * Reads what a spreadsheet puts on the clipboard: cells apart by tabs, rows by
 * line ends, and cells that hold either of them in quotes.
 */
export function readTSV(text: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let quoted = false;
  const body = text.replace(/\r\n?/g, "\n").replace(/\n$/, "");
  for (let at = 0; at < body.length; at++) {
    const sign = body[at];
    if (quoted) {
      if (sign === '"' && body[at + 1] === '"') {
        cell += '"';
        at++;
      } else if (sign === '"') quoted = false;
      else cell += sign;
    } else if (sign === '"' && cell === "") quoted = true;
    else if (sign === "\t" || sign === "\n") {
      row.push(cell);
      cell = "";
      if (sign === "\n") {
        rows.push(row);
        row = [];
      }
    } else cell += sign;
  }
  rows.push([...row, cell]);
  return rows;
}

const yes = new Set(["是", "√", "✓", "y", "yes", "true", "1", "t"]);
const no = new Set(["否", "×", "n", "no", "false", "0", "f"]);

/** One cell read; undefined: it says nothing that the column knows. */
function readCell(column: GridColumn, text: string, named: Named): string | number | boolean | undefined {
  switch (column.kind) {
    case "number":
      return /^\d{1,9}$/.test(text) ? Number(text) : undefined;
    case "yes": {
      const small = text.toLowerCase();
      return yes.has(small) ? true : no.has(small) ? false : undefined;
    }
    case "choice": {
      const labels = (column.of && named.get(column.of)) ?? {};
      const plain = (s: string) => s.replace(/\s/g, "").toLowerCase();
      return Object.keys(labels).find(
        (code) => [code, labels[code] ?? "", `${labels[code]}${code}`].some((known) => plain(known) === plain(text)),
      );
    }
    default:
      return text.replace(/\s*\n\s*/g, " ");
  }
}

/** The columns that a heading row names; undefined when the row is no heading. */
function heading(row: readonly string[], named: Named): (GridColumn | undefined)[] | undefined {
  const labels = named.get("item_field") ?? {};
  const found = row.map((cell) => {
    const name = cell.trim().replace(/[*＊\s]/g, "");
    return gridColumns.find((column) => labels[column.field] === name || column.field === name || column.also?.includes(name));
  });
  const known = found.filter(Boolean).length;
  return known >= 2 && known * 2 >= row.length ? found : undefined;
}

/** What a paste came to. */
export interface Pasted {
  items: Item[];
  /** Rows that were written. */
  rows: number;
  /** Cells whose text meant nothing there, for telling the reader. */
  unknown: { row: number; field: CellField; text: string }[];
  /** Rows left out because an entry holds no more items. */
  left: number;
}

/** Items that an entry holds at most. */
export const mostItems = 500;

/**
 * Writes a pasted table into the items, from a cell on to the right and down.
 * A heading row says itself which columns follow. Blank cells change nothing.
 */
export function paste(items: readonly Item[], row: number, field: CellField, text: string, named: Named): Pasted {
  const table = readTSV(text);
  const named0 = table[0] && heading(table[0], named);
  const from = gridColumns.findIndex((column) => column.field === field);
  const columns = named0 ?? gridColumns.slice(from);
  const body = named0 ? table.slice(1) : table;
  const fits = body.slice(0, Math.max(0, mostItems - row));
  const out = [...items];
  const unknown: Pasted["unknown"] = [];
  fits.forEach((cells, down) => {
    const at = row + down;
    const changed: Record<string, unknown> = { ...(out[at] ?? { code: "" }) };
    cells.forEach((cell, right) => {
      const column = columns[right];
      const content = cell.trim();
      if (!column || content === "") return;
      const value = readCell(column, content, named);
      if (value === undefined) unknown.push({ row: at, field: column.field, text: content });
      else changed[column.field] = value;
    });
    // Only cells of known columns were written, each with a value of its kind.
    out[at] = changed as unknown as Item;
  });
  return { items: out, rows: fits.length, unknown, left: body.length - fits.length };
}

/** Whether nothing was filled in of an item. */
export const isBlank = (item: Item): boolean => Object.values(item).every((part) => part === undefined || part === "" || part === false);
