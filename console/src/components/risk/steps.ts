import type { Action } from "../../api/types";
import { gravities } from "../../words/monitor";

/** What may be done with a signal. */
export type SignalStep = "confirm" | "dismiss" | "incident" | "report";

/** Longest reason that the server takes. */
const reasonMax = 500;

const reason = (required: boolean) => ({
  id: "reason",
  name: required ? "理由（不得写个人信息）" : "说明（不得写个人信息）",
  type: "text" as const,
  required,
  clause: "CN-35",
  max: reasonMax,
});

/** The forms of these steps, in the shape of a procedure's. */
export const signalSteps: Readonly<Record<SignalStep, Action>> = {
  confirm: { id: "confirm", name: "判断为属实", clause: "CN-35", fields: [reason(false)] },
  dismiss: { id: "dismiss", name: "判断为误报", clause: "CN-35", fields: [reason(true)] },
  incident: {
    id: "incident",
    name: "上报安全事件",
    clause: "CN-35.3",
    fields: [
      { id: "gravity", name: "事件等级", type: "choice", required: true, options: gravities },
      { id: "measures", name: "已采取的应急措施（不得写个人信息）", type: "text", required: true, max: 2000 },
    ],
  },
  report: {
    id: "report",
    name: "报告违规情形",
    clause: "CN-40.2",
    fields: [{ id: "description", name: "补充说明（监测到的事实已自动写入）", type: "text", required: false, max: 2000 }],
  },
};

/** The form of lifting. */
export const liftStep: Action = { id: "lift", name: "恢复", clause: "CN-35", fields: [reason(true)] };
