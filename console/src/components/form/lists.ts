/** A column of a list of structures. */
export interface ListColumn {
  key: string;
  name: string;
  required?: boolean;
  /** What is picked instead of typed. */
  kind?: "resource";
  /** Another list of the same form whose names may be chosen: its field and key. */
  from?: readonly [field: string, key: string];
  max: number;
}

const columns: Readonly<Record<string, readonly ListColumn[]>> = {
  assets: [
    { key: "name", name: "数据资产名称", required: true, max: 100 },
    { key: "resource", name: "已有的目录条目", kind: "resource", max: 64 },
  ],
  links: [
    { key: "asset", name: "数据资产名称", required: true, from: ["assets", "name"], max: 100 },
    { key: "resource", name: "目录条目", required: true, kind: "resource", max: 64 },
  ],
  items: [
    { key: "name", name: "收集项目", required: true, max: 100 },
    { key: "element", name: "标准数据元", max: 100 },
    { key: "note", name: "说明", max: 100 },
  ],
  justifications: [
    { key: "item", name: "收集项目", required: true, from: ["items", "name"], max: 100 },
    { key: "text", name: "理由", required: true, max: 500 },
  ],
  findings: [
    { key: "item", name: "收集项目", required: true, from: ["items", "name"], max: 100 },
    { key: "text", name: "认定", required: true, max: 500 },
  ],
  additions: [
    { key: "name", name: "采集内容", required: true, max: 100 },
    { key: "element", name: "标准数据元", max: 100 },
    { key: "frequency", name: "更新频率", max: 50 },
  ],
};

/** Columns of a field that holds a list of structures; undefined: it is not one. */
export function listColumns(field: string): readonly ListColumn[] | undefined {
  return columns[field];
}

type Row = Readonly<Record<string, string>>;

/** The rows of a value, whatever it was. */
export function rowsOf(value: unknown): Row[] {
  if (!Array.isArray(value)) return [];
  return value.map((row: unknown) =>
    typeof row === "object" && row !== null
      ? Object.fromEntries(Object.entries(row).map(([key, part]) => [key, typeof part === "string" ? part : ""]))
      : {},
  );
}

/** A row without what is blank: the server takes a blank member for a filled one. */
export function tidyRow(row: Row): Row {
  return Object.fromEntries(Object.entries(row).filter(([, part]) => part.trim() !== ""));
}

/** One row in words: 户籍地址（标准数据元：DE00123）. */
export function rowWords(field: string, row: Row, names: Readonly<Record<string, string>>): string {
  const [first, ...rest] = columns[field] ?? [];
  const told = (key: string) => names[row[key] ?? ""] ?? row[key] ?? "";
  const more = rest.filter(({ key }) => row[key]).map(({ key, name }) => `${name}：${told(key)}`);
  return (first ? told(first.key) : "") + (more.length > 0 ? `（${more.join("，")}）` : "");
}
