import { Alert, Table, Tag, type TableColumnsType } from "antd";
import { Link } from "react-router";
import type { CalendarOutcome } from "../../api/types";
import { DepartmentName } from "../DepartmentName";

type Moved = CalendarOutcome["impact"]["terms"][number];

const columns: TableColumnsType<Moved> = [
  {
    title: "办件",
    key: "case",
    render: (_, term) => (
      <>
        <Link to={`/cases/${term.case}`}>{term.number}</Link>
        <div className="quiet">{term.name}期限</div>
      </>
    ),
  },
  { title: "应办部门", key: "department", responsive: ["sm"], render: (_, term) => <DepartmentName id={term.department} /> },
  { title: "现在的最后一日", dataIndex: "last_day", key: "old", className: "day" },
  {
    title: "载入后",
    key: "new",
    render: (_, term) => (
      <>
        <strong className="day">{term.new_last_day}</strong> {term.provisional && <Tag color="gold">仍为暂定</Tag>}
        {term.overdue && <Tag color="red">已记为逾期</Tag>}
      </>
    ),
  },
];

/** Which running terms end on another day. */
export function Impact({ outcome }: { outcome: CalendarOutcome }) {
  const { impact } = outcome;
  return (
    <>
      <Alert
        className="gap-below"
        type={outcome.dry_run ? "info" : "success"}
        showIcon
        message={outcome.dry_run ? "试算结果，尚未载入" : "已载入，数秒内在各副本生效"}
        description={`查看了 ${impact.looked} 个进行中的期限${impact.complete ? "" : "（只是前一部分）"}，${impact.moved} 个的最后一日改变，${impact.settled} 个不再是暂定的。`}
      />
      {impact.terms.length > 0 && (
      <Table<Moved>
        rowKey={(term) => `${term.case}/${term.clock}`}
        columns={columns}
        dataSource={impact.terms}
        size="small"
        pagination={impact.terms.length > 20 ? { pageSize: 20, showSizeChanger: false } : false}
      />
      )}
      {impact.moved > impact.terms.length && <p className="quiet">只列出前 {impact.terms.length} 个。</p>}
    </>
  );
}
