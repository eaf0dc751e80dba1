import { Card, Empty, Table, type TableColumnsType } from "antd";
import { Link } from "react-router";
import type { Exemption } from "../../api/types";
import { useExemptions } from "../../hooks/useGovernance";
import { day } from "../../words/time";
import { DepartmentName } from "../DepartmentName";
import { Waiting } from "../Waiting";
import { StartLink } from "./StartLink";

const columns: TableColumnsType<Exemption> = [
  {
    title: "目录条目",
    key: "name",
    render: (_, one) => (
      <>
        <Link to={`/catalog/${one.resource}`}>{one.name}</Link>
        <div className="quiet">
          <DepartmentName id={one.provider} />
        </div>
      </>
    ),
  },
  { title: "不能实时汇聚的原因", dataIndex: "reason", key: "reason" },
  { title: "间隔", key: "interval", align: "right", render: (_, one) => `${one.interval_hours} 小时` },
  {
    title: "备案",
    key: "case",
    responsive: ["md"],
    render: (_, one) => <Link to={`/cases/${one.case}`}>{day(one.filed_at)}</Link>,
  },
];

/** What is not collected in real time, and how often then (XN-13). */
export function Exemptions() {
  return (
    <>
      <div className="filters">
        <StartLink procedure="realtime_exemption" />
      </div>
      <Waiting query={useExemptions()}>
        {(list) => (
          <Card styles={{ body: { padding: 0 } }}>
            <Table<Exemption>
              rowKey="id"
              columns={columns}
              dataSource={list}
              size="middle"
              pagination={list.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
              locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="没有非实时汇聚的备案" /> }}
            />
          </Card>
        )}
      </Waiting>
    </>
  );
}
