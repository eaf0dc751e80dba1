import { Table, Tag, type TableColumnsType } from "antd";
import type { Item } from "../api/types";
import { itemTypes, levels, sensitivities, word } from "../words/labels";

const columns: TableColumnsType<Item> = [
  {
    title: "数据项",
    key: "name",
    render: (_, item) => (
      <>
        {item.name} {item.key && <Tag bordered={false}>主键</Tag>}
        <div>
          <code>{item.code}</code>
        </div>
      </>
    ),
  },
  {
    title: "类型",
    key: "type",
    responsive: ["sm"],
    render: (_, item) => `${word(itemTypes, item.type)}${item.length ? `（${item.length}）` : ""}`,
  },
  { title: "格式", dataIndex: "format", key: "format", responsive: ["md"] },
  { title: "说明", dataIndex: "description", key: "description", responsive: ["lg"] },
  { title: "标准数据元", dataIndex: "element", key: "element", responsive: ["xl"] },
  { title: "级别", key: "level", render: (_, item) => word(levels, item.level) },
  {
    title: "保护",
    key: "masked",
    render: (_, item) => (
      <>
        {item.sensitivity && <Tag bordered={false}>{word(sensitivities, item.sensitivity)}</Tag>}
        {item.masked && (
          <Tag bordered={false} color="gold">
            脱敏
          </Tag>
        )}
      </>
    ),
  },
];

/** The data items of a resource. */
export function ItemTable({ items }: { items: Item[] }) {
  return <Table<Item> rowKey="code" columns={columns} dataSource={items} size="small" pagination={false} />;
}
