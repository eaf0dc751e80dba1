import type { System } from "../../api/types";
import { day } from "../../words/time";

export interface MLPSWords {
  text: string;
  color: "green" | "gold" | "red";
}

const grades = ["", "一", "二", "三", "四", "五"];
const month = 30 * 24 * 3600_000;

/** How a system's classified-protection assessment stands (XN-21). */
export function mlpsWords(mlps: System["mlps"], now: Date): MLPSWords {
  if (!mlps) return { text: "未备案等保测评", color: "red" };
  const left = Date.parse(mlps.valid_until) - now.getTime();
  const text = `等保${grades[mlps.level] ?? mlps.level}级`;
  if (left <= 0) return { text: `${text}，${day(mlps.valid_until)} 已到期`, color: "red" };
  return { text: `${text}，至 ${day(mlps.valid_until)}`, color: left < month ? "gold" : "green" };
}
