import { Empty, Table, Tag, type TableColumnsType } from "antd";
import { Link } from "react-router";
import type { ResourceSummary } from "../api/types";
import { day } from "../words/time";
import { AttributeTag } from "./AttributeTag";
import { Word } from "./Word";

const columns: TableColumnsType<ResourceSummary> = [
  {
    title: "信息资源",
    key: "name",
    render: (_, line) => (
      <>
        <Link to={`/catalog/${line.resource.id}`}>{line.name || "（未命名）"}</Link>{" "}
        {line.resource.pending > 0 && <Tag color="gold">有待发布版本</Tag>}
        <div className="quiet">{line.resource.code}</div>
      </>
    ),
  },
  { title: "提供部门", dataIndex: "provider_name", key: "provider", responsive: ["sm"] },
  {
    title: "共享属性",
    key: "attribute",
    render: (_, line) => <AttributeTag attribute={line.attribute} />,
  },
  {
    title: "共享方式",
    key: "methods",
    responsive: ["md"],
    render: (_, line) =>
      line.methods.length > 0 ? line.methods.map((method, at) => [at > 0 && "、", <Word key={method} of="method" code={method} />]) : "—",
  },
  { title: "数据项", dataIndex: "items", key: "items", align: "right", responsive: ["md"] },
  {
    title: "发布日期",
    key: "published",
    responsive: ["lg"],
    render: (_, line) => day(line.published_at),
  },
];

interface Props {
  resources: ResourceSummary[];
  /** What is ticked, by ID; nothing can be ticked without it. */
  picked?: readonly string[];
  onPick?: (ids: string[]) => void;
  /** Whether a line may be ticked. */
  pickable?: (line: ResourceSummary) => boolean;
}

/** Lines of the catalog. */
export function ResourceTable({ resources, picked, onPick, pickable }: Props) {
  return (
    <Table<ResourceSummary>
      rowKey={(line) => line.resource.id}
      rowSelection={
        picked && {
          selectedRowKeys: [...picked],
          preserveSelectedRowKeys: true,
          onChange: (keys) => onPick?.(keys.map(String)),
          getCheckboxProps: (line) => ({
            disabled: pickable ? !pickable(line) : false,
            "aria-label": `选择${line.name}`,
          }),
        }
      }
      columns={columns}
      dataSource={resources}
      size="middle"
      pagination={false}
      locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="没有符合条件的目录条目" /> }}
    />
  );
}
