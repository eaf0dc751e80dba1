import { Card, Empty, Table, type TableColumnsType } from "antd";
import { Link } from "react-router";
import type { NegativeEntry } from "../../api/types";
import { useNegativeList } from "../../hooks/useGovernance";
import { DepartmentName } from "../DepartmentName";
import { More } from "../More";
import { Waiting } from "../Waiting";
import { StartLink } from "./StartLink";

const columns: TableColumnsType<NegativeEntry> = [
  {
    title: "不予共享的数据",
    key: "name",
    render: (_, one) => (
      <>
        {one.name}
        <div className="quiet">
          <DepartmentName id={one.provider} />
        </div>
      </>
    ),
  },
  {
    title: "理由和依据",
    key: "reason",
    render: (_, one) => (
      <>
        {one.reason}
        <div className="quiet">{one.legal_basis}</div>
      </>
    ),
  },
  {
    title: "批准",
    key: "approval",
    responsive: ["md"],
    render: (_, one) => (
      <>
        {one.approval_number}
        <div className="quiet">
          {one.approved_on} · 经 <DepartmentName id={one.authority} /> 审核
        </div>
      </>
    ),
  },
  { title: "办件", key: "case", responsive: ["sm"], render: (_, one) => <Link to={`/cases/${one.case}`}>查看</Link> },
];

/** What is not shared, and who approved that (HB-11). */
export function NegativeList() {
  const list = useNegativeList();
  return (
    <>
      <div className="filters">
        <StartLink procedure="negative_list" />
      </div>
      <Waiting<NegativeEntry[]> query={{ ...list, data: list.data?.pages.flatMap((page) => page.items) }}>
        {(entries) => (
          <Card styles={{ body: { padding: 0 } }}>
            <Table<NegativeEntry>
              rowKey="id"
              columns={columns}
              dataSource={entries}
              size="middle"
              pagination={false}
              locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="负面清单是空的" /> }}
            />
          </Card>
        )}
      </Waiting>
      <More list={list} />
    </>
  );
}
