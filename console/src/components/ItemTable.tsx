import { Table, Tag, Tooltip, type TableColumnsType } from "antd";
import type { Item } from "../api/types";
import { domainWords } from "../words/domain";
import { AttributeTag } from "./AttributeTag";
import { Word } from "./Word";

/** Length and decimals as the guide writes them: 18,2. */
export function sizeWords({ length, decimals }: Pick<Item, "length" | "decimals">): string {
  if (!length) return "";
  return `（${length}${decimals ? `,${decimals}` : ""}）`;
}

const columns: TableColumnsType<Item> = [
  {
    title: "数据项",
    key: "name",
    render: (_, item) => (
      <>
        {item.name} {item.key && <Tag bordered={false}>主键</Tag>}
        {!item.key && !item.nullable && <Tag bordered={false}>必填</Tag>}
        <div>
          <code>{item.code}</code> <span className="quiet">{item.english_name}</span>
        </div>
      </>
    ),
  },
  {
    title: "类型",
    key: "type",
    responsive: ["sm"],
    render: (_, item) => (
      <>
        <Word of="item_type" code={item.type} />
        {sizeWords(item)}
        {item.format && <div className="quiet">{item.format}</div>}
      </>
    ),
  },
  {
    title: "说明、值域",
    key: "description",
    responsive: ["lg"],
    render: (_, item) => (
      <>
        {item.description}
        {item.domain && (
          <Tooltip title={domainWords(item.domain, 30)}>
            <div className="quiet">值域：{domainWords(item.domain, 4)}</div>
          </Tooltip>
        )}
      </>
    ),
  },
  {
    title: "标准数据元",
    key: "element",
    responsive: ["xl"],
    render: (_, item) =>
      item.element && (
        <>
          <code>{item.element}</code>
          {item.authoritative && <Tag bordered={false} color="green">权威来源</Tag>}
          {item.element_note && <div className="quiet">{item.element_note}</div>}
        </>
      ),
  },
  {
    title: "级别",
    key: "level",
    render: (_, item) => (
      <>
        <Word of="level" code={item.level} />
        {item.level_basis?.reason && (
          <Tooltip title={`低于建议的理由：${item.level_basis.reason}`}>
            <div className="quiet">低于规则建议</div>
          </Tooltip>
        )}
      </>
    ),
  },
  {
    title: "保护",
    key: "masked",
    render: (_, item) => (
      <>
        <AttributeTag attribute={item.attribute} />
        {item.sensitivity && (
          <Tag bordered={false}>
            <Word of="sensitivity" code={item.sensitivity} />
          </Tag>
        )}
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
  return (
    <Table<Item>
      rowKey="code"
      columns={columns}
      dataSource={items}
      size="small"
      pagination={items.length > 100 ? { pageSize: 100, showSizeChanger: false } : false}
      locale={{ emptyText: "尚无数据项" }}
    />
  );
}
