import { Empty, Table, Tag, type TableColumnsType } from "antd";
import { Link } from "react-router";
import type { Case } from "../api/types";
import { useLaw } from "../hooks/useLaw";
import { ownParties, procedureName, stageName } from "../words/law";
import { day, moment } from "../words/time";
import { DepartmentName } from "./DepartmentName";

/** Lines of a case list. */
export function CaseTable({ cases }: { cases: Case[] }) {
  const law = useLaw().data;
  const columns: TableColumnsType<Case> = [
    {
      title: "事项",
      key: "title",
      render: (_, line) => (
        <>
          <Link to={`/cases/${line.id}`}>{line.title || line.number}</Link>
          <div className="quiet">{line.number}</div>
        </>
      ),
    },
    {
      title: "流程",
      key: "procedure",
      responsive: ["md"],
      render: (_, line) => procedureName(law, line.procedure),
    },
    {
      title: "当事方",
      key: "parties",
      responsive: ["lg"],
      render: (_, line) =>
        ownParties(law, line.procedure, line.parties).map(({ party, label, department }) => (
          <div key={party}>
            <span className="quiet">{label}</span> <DepartmentName id={department} />
          </div>
        )),
    },
    {
      title: "环节",
      key: "stage",
      render: (_, line) => (
        <Tag color={line.closed_at ? "default" : "blue"}>{stageName(law, line.procedure, line.stage)}</Tag>
      ),
    },
    { title: "立案", key: "opened", responsive: ["lg"], render: (_, line) => day(line.opened_at) },
    { title: "最近办理", key: "moved", responsive: ["sm"], render: (_, line) => moment(line.moved_at) },
  ];
  return (
    <Table<Case>
      rowKey="id"
      columns={columns}
      dataSource={cases}
      size="middle"
      pagination={false}
      locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="没有办件" /> }}
    />
  );
}
