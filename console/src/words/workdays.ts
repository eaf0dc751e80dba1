import type { CalendarDay, FileCalendar } from "../api/types";

/** What a day is to the working calendar. */
export type DayKind = "work" | "rest" | "holiday" | "makeup";

/** One day of a month. */
export interface MonthDay {
  date: string;
  day: number;
  kind: DayKind;
  /** The holiday it belongs to. */
  name?: string;
  /** A later notice's title, where it is not the year's. */
  source?: string;
}

const two = (n: number) => String(n).padStart(2, "0");

/** Days of a month, 1 to 12; blanks before the first so that weeks begin on Monday. */
export function monthDays(year: number, month: number, special: readonly CalendarDay[]): (MonthDay | undefined)[] {
  const named = new Map(special.map((day) => [day.date, day]));
  const first = new Date(Date.UTC(year, month - 1, 1));
  const blanks = (first.getUTCDay() + 6) % 7;
  const count = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const days = Array.from({ length: count }, (_, at): MonthDay => {
    const date = `${year}-${two(month)}-${two(at + 1)}`;
    const found = named.get(date);
    const weekend = (blanks + at) % 7 >= 5;
    const kind: DayKind = found ? (found.kind === "holiday" ? "holiday" : "makeup") : weekend ? "rest" : "work";
    return { date, day: at + 1, kind, name: found?.name, source: found?.source };
  });
  return [...Array.from({ length: blanks }, () => undefined), ...days];
}

export const dayKinds: Readonly<Record<DayKind, string>> = {
  work: "工作日",
  rest: "周末",
  holiday: "放假",
  makeup: "调休上班",
};

/** A notice file as far as it could be read here; the server reads it again. */
export interface NoticeFile {
  year?: number;
  title?: string;
  document?: string;
  days?: CalendarDay[];
  csv?: string;
  /** Why it could not be read. */
  fault?: string;
}

function isDay(value: unknown): value is CalendarDay {
  if (typeof value !== "object" || value === null) return false;
  const { date, name, kind } = value as Record<string, unknown>;
  return typeof date === "string" && typeof name === "string" && (kind === "holiday" || kind === "workday");
}

const text = (value: unknown) => (typeof value === "string" && value.trim() !== "" ? value.trim() : undefined);

/** Reads a notice: JSON with year, title (or source), document and days; or CSV, whose year is that of its first date. */
export function readNotice(content: string): NoticeFile {
  const plain = content.replace(/^\uFEFF/, "");
  if (!plain.trim()) return { fault: "文件是空的" };
  if (!plain.trimStart().startsWith("{")) {
    const year = /(?:^|\n)\s*"?(\d{4})-\d{2}-\d{2}/.exec(plain)?.[1];
    return year ? { year: Number(year), csv: plain } : { fault: "没有找到日期。CSV每行为：日期,名称,类型（放假或上班），如 2027-10-01,国庆节,放假" };
  }
  let found: unknown;
  try {
    found = JSON.parse(plain);
  } catch {
    return { fault: "不是有效的JSON" };
  }
  const bag = found as Record<string, unknown>;
  const days = bag["days"];
  if (!Array.isArray(days) || days.length === 0) return { fault: "JSON中没有days" };
  const wrong = days.findIndex((day) => !isDay(day));
  if (wrong >= 0) return { fault: `days的第 ${wrong + 1} 项应有date、name和kind（holiday或workday）` };
  return {
    year: typeof bag["year"] === "number" ? bag["year"] : undefined,
    title: text(bag["title"]) ?? text(bag["source"]),
    document: text(bag["document"]),
    days: (days as CalendarDay[]).map(({ date, name, kind, source }) => ({ date, name, kind, source })),
  };
}

/** What the form and the file make together. */
export function noticeRequest(
  file: NoticeFile,
  form: { year?: number | null; title?: string; document?: string; reason?: string },
  replaces: string | undefined,
  dryRun: boolean,
): FileCalendar {
  return {
    year: form.year ?? 0,
    title: form.title?.trim() ?? "",
    document: form.document?.trim() || undefined,
    days: file.days,
    csv: file.csv,
    replaces,
    reason: replaces ? form.reason?.trim() || undefined : undefined,
    dry_run: dryRun,
  };
}
