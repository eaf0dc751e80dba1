import { Empty, Table, type TableColumnsType } from "antd";
import { Link } from "react-router";
import type { Grant } from "../../api/types";
import { modes, word } from "../../words/labels";
import { day } from "../../words/time";
import { DepartmentName } from "../DepartmentName";
import { Word } from "../Word";
import { GrantStatus } from "./GrantStatus";
import { ResourceName } from "./ResourceName";

const columns: TableColumnsType<Grant> = [
  {
    title: "信息资源",
    key: "resource",
    render: (_, grant) => (
      <>
        <Link to={`/grants/${grant.id}`}>
          <ResourceName id={grant.resource} />
        </Link>
        <div className="quiet">用途：{grant.purpose}</div>
      </>
    ),
  },
  { title: "需求部门", key: "consumer", responsive: ["md"], render: (_, g) => <DepartmentName id={g.consumer} /> },
  { title: "提供部门", key: "provider", responsive: ["lg"], render: (_, g) => <DepartmentName id={g.provider} /> },
  {
    title: "方式",
    key: "method",
    responsive: ["lg"],
    render: (_, g) => (
      <>
        <Word of="method" code={g.method} /> · {g.mode === "verify" ? "核验" : word(modes, g.mode).slice(0, 2)}
      </>
    ),
  },
  { title: "有效期至", key: "until", responsive: ["sm"], render: (_, g) => day(g.not_after) },
  { title: "状态", key: "status", render: (_, g) => <GrantStatus grant={g} /> },
];

/** Lines of a grant list. */
export function GrantTable({ grants }: { grants: Grant[] }) {
  return (
    <Table<Grant>
      rowKey="id"
      columns={columns}
      dataSource={grants}
      size="middle"
      pagination={false}
      locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="没有授权" /> }}
    />
  );
}
