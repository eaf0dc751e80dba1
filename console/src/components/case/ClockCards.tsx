import { Card, Tag, Tooltip } from "antd";
import type { Clock } from "../../api/types";
import { day, moment } from "../../words/time";
import { ClauseTag } from "../ClauseTag";
import { DueTag } from "../DueTag";

function ClockCard({ clock }: { clock: Clock }) {
  return (
    <Card size="small" title={`${clock.name}期限`} extra={<ClauseTag clause={clock.clause} article={clock.article} />}>
      <div className="act-head">
        <span className="clock-day">{clock.last_day}</span>
        <DueTag
          term={{
            lastDay: clock.last_day,
            workingDaysLeft: clock.working_days_left,
            overdue: clock.overdue,
            stopped: !clock.running,
          }}
        />
        {clock.provisional && (
          <Tooltip title="期限涉及尚未公布放假安排的年份，公布后可能调整">
            <Tag color="gold" tabIndex={0}>
              暂定
            </Tag>
          </Tooltip>
        )}
      </div>
      <div className="quiet">
        {day(clock.started_at)} 起，共 {clock.working_days} 个工作日
        {clock.extended_by ? `（含延长 ${clock.extended_by} 个工作日）` : ""}
        {clock.stopped_at ? `，${moment(clock.stopped_at)} 停止计时` : "，最后一日 24 时届满"}
      </div>
    </Card>
  );
}

/** The statutory clocks of a case. */
export function ClockCards({ clocks }: { clocks: Clock[] }) {
  if (clocks.length === 0) return null;
  return (
    <section className="clocks" aria-label="期限">
      {clocks.map((clock) => (
        <ClockCard key={clock.id} clock={clock} />
      ))}
    </section>
  );
}
