import { Card, Empty, Segmented, Table, type TableColumnsType } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import type { TerritoryClock } from "../../api/types";
import { useTerritoryClocks, type ClockChoice } from "../../hooks/useSupervision";
import { ClauseTag } from "../ClauseTag";
import { DueTag } from "../DueTag";
import { More } from "../More";
import { Waiting } from "../Waiting";

const choices: { value: ClockChoice; label: string }[] = [
  { value: "all", label: "全部" },
  { value: "overdue", label: "已逾期" },
  { value: "soon", label: "即将到期" },
];

const columns: TableColumnsType<TerritoryClock> = [
  {
    title: "办件",
    key: "case",
    render: (_, clock) => (
      <>
        <Link to={`/cases/${clock.case}`}>{clock.title || clock.number}</Link>
        <div className="quiet">
          {clock.procedure_name} · {clock.number}
        </div>
      </>
    ),
  },
  {
    title: "应当办理",
    key: "department",
    render: (_, clock) => (
      <>
        {clock.department_name}
        <div className="quiet">{clock.relation_name}</div>
      </>
    ),
  },
  {
    title: "期限",
    key: "due",
    render: (_, clock) => (
      <>
        <div>
          {clock.name} <ClauseTag clause={clock.clause} article={clock.article} />
        </div>
        <span className="day">{clock.last_day}</span>{" "}
        <DueTag
          term={{ lastDay: clock.last_day, workingDaysLeft: clock.working_days_left, overdue: clock.overdue }}
        />
      </>
    ),
  },
];

/** Statutory terms of the territory that are overdue or near their end (CN-29.1). */
export function ClockList() {
  const [choice, setChoice] = useState<ClockChoice>("all");
  const list = useTerritoryClocks(choice);
  return (
    <>
      <div className="filters">
        <Segmented aria-label="期限" value={choice} onChange={setChoice} options={choices} />
      </div>
      <Waiting<TerritoryClock[]> query={{ ...list, data: list.data?.pages.flatMap((page) => page.items) }}>
        {(clocks) => (
          <Card styles={{ body: { padding: 0 } }}>
            <Table<TerritoryClock>
              rowKey={(clock) => `${clock.case}/${clock.clock}/${clock.relation}`}
              columns={columns}
              dataSource={clocks}
              size="middle"
              pagination={false}
              locale={{
                emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="没有逾期或者即将到期的期限" />,
              }}
            />
          </Card>
        )}
      </Waiting>
      <More list={list} />
    </>
  );
}
