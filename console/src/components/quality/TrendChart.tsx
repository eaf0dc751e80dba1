import type { QualityPoint } from "../../api/types";
import { day, moment } from "../../words/time";
import { dots, frame, heightOf } from "./trend";

const told = (score: number) => score.toFixed(1);

/** Total scores over the runs; the table beside it tells the same to those who cannot see it. */
export function TrendChart({ trend }: { trend: QualityPoint[] }) {
  const places = dots(trend);
  const first = places[0];
  const last = places.at(-1);
  if (!first || !last) return null;
  const label = `得分走势：${places.length} 次检查，从 ${told(first.point.scores.total)} 到 ${told(last.point.scores.total)}`;
  return (
    <svg className="trend" viewBox={`0 0 ${frame.width} ${frame.height}`} role="img" aria-label={label}>
      {[0, 25, 50, 75, 100].map((score) => (
        <g key={score}>
          <line x1={frame.left} x2={frame.width - frame.right} y1={heightOf(score)} y2={heightOf(score)} stroke="#e3e8ef" />
          <text x={frame.left - 8} y={heightOf(score) + 4} textAnchor="end" fontSize={12} fill="#5b6776">
            {score}
          </text>
        </g>
      ))}
      <polyline points={places.map(({ x, y }) => `${x},${y}`).join(" ")} fill="none" stroke="#1d4f8c" strokeWidth={2} />
      {places.map(({ x, y, point }) => (
        <circle key={point.id} cx={x} cy={y} r={4} fill="#1d4f8c">
          <title>{`${moment(point.at)}：${told(point.scores.total)} 分，${point.rows} 行`}</title>
        </circle>
      ))}
      <text x={first.x} y={frame.height - 8} fontSize={12} fill="#5b6776" textAnchor={places.length === 1 ? "middle" : "start"}>
        {day(first.point.at)}
      </text>
      {places.length > 1 && (
        <text x={last.x} y={frame.height - 8} fontSize={12} fill="#5b6776" textAnchor="end">
          {day(last.point.at)}
        </text>
      )}
    </svg>
  );
}
