import { Alert, Button, Card, List, Segmented, Tag } from "antd";
import { useState } from "react";
import { Link, useSearchParams } from "react-router";
import type { CalendarYear } from "../api/types";
import { NoticeForm } from "../components/calendar/NoticeForm";
import { YearView } from "../components/calendar/YearView";
import { ClauseTag } from "../components/ClauseTag";
import { DepartmentName } from "../components/DepartmentName";
import { PageTitle } from "../components/PageTitle";
import { Waiting } from "../components/Waiting";
import { useCalendar } from "../hooks/useCalendar";
import { useMe } from "../hooks/useMe";
import { moment } from "../words/time";

function Year({ year }: { year: CalendarYear }) {
  return (
    <>
      {year.provisional && (
        <Alert
          className="gap-below"
          type="warning"
          showIcon
          message="暂定：尚无放假通知，只按法定节假日推算；涉及该年的期限在通知载入后重新计算。"
        />
      )}
      <p>
        依据：{year.source} · 工作日 {year.working_days} 天
        {year.id && <span className="quiet"> · 安排编号 {year.id}</span>}
      </p>
      <p className="buttons quiet">
        <span className="month-key month-holiday">
          1<sup>休</sup>
        </span>
        放假
        <span className="month-key month-makeup">
          1<sup>班</sup>
        </span>
        调休上班
        <span className="month-key month-rest">1</span>
        周末
      </p>
      <YearView year={year.year} days={year.days} />
      {year.filed.length > 0 && (
        <Card size="small" title="载入的各次安排" className="panel gap-above">
          <List
            size="small"
            dataSource={[...year.filed].reverse()}
            rowKey="version"
            renderItem={(notice) => (
              <List.Item>
                <List.Item.Meta
                  title={
                    <>
                      第 {notice.version} 次：{notice.title} {notice.document}
                    </>
                  }
                  description={
                    <>
                      {moment(notice.filed_at)} <DepartmentName id={notice.department} />
                      {notice.reason && `，更正：${notice.reason}`}
                    </>
                  }
                />
                {notice.id && <Link to={`/receipts/${notice.id}`}>存证</Link>}
              </List.Item>
            )}
          />
        </Card>
      )}
    </>
  );
}

/** Working days by which every statutory term is counted. */
export function CalendarPage() {
  const me = useMe().data;
  const [search, setSearch] = useSearchParams();
  const thisYear = Number(new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", year: "numeric" }).format(new Date()));
  const asked = Number(search.get("year"));
  const year = Number.isInteger(asked) && asked >= 1990 && asked <= 2100 ? asked : thisYear;
  const [filing, setFiling] = useState(false);
  const first = Math.max(1990, Math.min(thisYear - 2, year));
  const last = Math.min(2100, Math.max(thisYear + 2, year));
  const years = useCalendar(first, last);
  const choose = (next: number) => setSearch({ year: String(next) }, { replace: true });
  // Only the node's highest authority may; the server has the last word.
  const may = Boolean(me?.territory) && me?.roles.includes("admin");
  return (
    <>
      <PageTitle
        title="工作日历"
        aside={<ClauseTag clause="CN-21.1" />}
        note="法定期限按工作日计算，以国务院办公厅的放假通知为准。"
        actions={may && !filing && <Button onClick={() => setFiling(true)}>载入放假通知</Button>}
      />
      {filing && <NoticeForm onFiled={choose} onClose={() => setFiling(false)} />}
      <Waiting query={years}>
        {(list) => {
          const shown = list.find((one) => one.year === year);
          return (
            <>
              <div className="filters">
                <Segmented
                  aria-label="年份"
                  value={year}
                  onChange={choose}
                  options={list.map((one) => ({
                    value: one.year,
                    label: (
                      <>
                        {one.year} {one.provisional && <Tag color="gold">暂定</Tag>}
                      </>
                    ),
                  }))}
                />
              </div>
              {shown && <Year year={shown} />}
            </>
          );
        }}
      </Waiting>
    </>
  );
}
