import { dayKinds, monthDays } from "../../words/workdays";
import type { CalendarDay } from "../../api/types";

const week = ["一", "二", "三", "四", "五", "六", "日"];

function Month({ year, month, days }: { year: number; month: number; days: readonly CalendarDay[] }) {
  const cells = monthDays(year, month, days);
  const rows = Array.from({ length: Math.ceil(cells.length / 7) }, (_, at) => cells.slice(at * 7, at * 7 + 7));
  return (
    <table className="month">
      <caption>{month} 月</caption>
      <thead>
        <tr>
          {week.map((name) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, at) => (
          <tr key={at}>
            {row.map((day, column) =>
              day ? (
                <td
                  key={day.date}
                  className={`month-${day.kind}`}
                  title={[day.date, dayKinds[day.kind], day.name, day.source].filter(Boolean).join(" ")}
                >
                  {day.day}
                  {/* Colour alone tells nothing to some. */}
                  {day.kind === "holiday" && <sup>休</sup>}
                  {day.kind === "makeup" && <sup>班</sup>}
                </td>
              ) : (
                <td key={`blank-${column}`} />
              ),
            )}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** The twelve months of a year. */
export function YearView({ year, days }: { year: number; days: readonly CalendarDay[] }) {
  return (
    <div className="months">
      {Array.from({ length: 12 }, (_, at) => (
        <Month key={at} year={year} month={at + 1} days={days} />
      ))}
    </div>
  );
}
