import { Alert, Button, Card, Empty } from "antd";
import { Link } from "react-router";
import type { GrantMonitoring as Figures } from "../../api/types";
import { useMe } from "../../hooks/useMe";
import { useGrantMonitoring } from "../../hooks/useMonitor";
import { cutoffMeasures, targetsFor } from "../../words/monitor";
import { moment } from "../../words/time";
import { ClauseTag } from "../ClauseTag";
import { Waiting } from "../Waiting";
import { bars, totals } from "./hours";

const frame = { width: 672, height: 72 } as const;

/** Calls by the hour over seven days; the sentence above it tells the sums. */
function Sparkline({ figures, now }: { figures: Figures; now: number }) {
  const all = bars(figures.hours, now);
  const most = Math.max(1, ...all.map(({ calls }) => calls));
  const step = frame.width / all.length;
  const tall = (n: number) => (n === 0 ? 0 : Math.max(2, (frame.height * n) / most));
  const label = `最近七天每小时的调用次数，最多一小时 ${most} 次`;
  return (
    <figure className="spark">
      <svg viewBox={`0 0 ${frame.width} ${frame.height}`} role="img" aria-label={label} preserveAspectRatio="none">
        <line x1={0} x2={frame.width} y1={frame.height} y2={frame.height} stroke="#c9d3df" />
        {all.map(({ start, calls, refused }, at) => (
          <g key={start}>
            {calls > 0 && (
              <rect x={at * step} y={frame.height - tall(calls)} width={step * 0.8} height={tall(calls)} fill="#1d4f8c">
                <title>{`${moment(new Date(start).toISOString())} 起一小时：${calls} 次，其中被拒绝 ${refused} 次`}</title>
              </rect>
            )}
            {refused > 0 && (
              <rect x={at * step} y={frame.height - tall(refused)} width={step * 0.8} height={tall(refused)} fill="#b3261e" />
            )}
          </g>
        ))}
      </svg>
      <figcaption className="spark-ends quiet">
        <span>七天前</span>
        <span>蓝：调用；红：被拒绝；最多一小时 {most} 次</span>
        <span>现在</span>
      </figcaption>
    </figure>
  );
}

function Sheet({ figures, id }: { figures: Figures; id: string }) {
  // The hours are drawn up to the last answer, not to the clock of each drawing.
  const now = useGrantMonitoring(id).dataUpdatedAt;
  const sum = totals(figures.hours);
  return (
    <>
      {figures.in_force.map((cut) => (
        <Alert
          key={cut.id}
          className="gap-below"
          type="error"
          showIcon
          message={`${cutoffMeasures[cut.measure]}${cut.rate ? `至每秒 ${cut.rate} 次` : ""}，${cut.until ? `至 ${moment(cut.until)}` : "直到恢复"}`}
          description={cut.reason}
          action={<Link to="/risk?tab=cutoffs">查看</Link>}
        />
      ))}
      {figures.open_signals > 0 && (
        <Alert
          className="gap-below"
          type="warning"
          showIcon
          message={`有 ${figures.open_signals} 个监测信号待判断`}
          action={<Link to={`/risk?tab=signals&grant=${id}`}>查看</Link>}
        />
      )}
      {sum.calls === 0 ? (
        <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="最近七天没有调用" />
      ) : (
        <>
          <p>
            最近七天调用 {sum.calls} 次，其中被拒绝 {sum.refused} 次；查询 {sum.keys} 个键，查无结果 {sum.misses} 个。
            {figures.expected === undefined ? (
              <span className="quiet">历史不足，尚不能按以往判断调用量。</span>
            ) : (
              `本小时按以往应为 ${figures.expected} 次左右。`
            )}
          </p>
          <Sparkline figures={figures} now={now} />
        </>
      )}
    </>
  );
}

/** How a grant is used hour by hour, and what the monitoring did about it (CN-35). */
export function GrantMonitoring({ id }: { id: string }) {
  const me = useMe().data;
  const figures = useGrantMonitoring(id);
  return (
    <Card
      size="small"
      className="panel gap-above"
      title={
        <>
          调用监测 <ClauseTag clause="CN-35" />
        </>
      }
      extra={
        me &&
        targetsFor(me).includes("grant") && (
          <Link to={`/risk?tab=cutoffs&stop=grant&id=${id}`}>
            <Button size="small" danger>
              紧急停止
            </Button>
          </Link>
        )
      }
    >
      <Waiting query={figures}>{(data) => <Sheet figures={data} id={id} />}</Waiting>
    </Card>
  );
}
