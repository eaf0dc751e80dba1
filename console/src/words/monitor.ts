import type { Cutoff, ImposeCutoff, Me, RiskSignal } from "../api/types";

type Words<K extends string> = Readonly<Record<K, string>>;

export const signalKinds: Words<RiskSignal["kind"]> = {
  volume: "调用量突增",
  off_hours: "非工作时间调用",
  sequential: "逐个查询",
  misses: "大量查无结果",
  refused: "大量被拒绝",
  new_address: "新的网络地址",
};

export const signalStates: Words<RiskSignal["state"]> = {
  open: "待判断",
  confirmed: "属实",
  dismissed: "误报",
};

export const takenMeasures: Words<RiskSignal["measure"]> = {
  signal: "只提示，未限制调用",
  slow: "已限速",
  pause: "已暂停调用",
  cut_off: "已停止调用",
};

export const cutoffTargets: Words<Cutoff["target"]> = {
  all: "全部服务",
  provider: "提供部门",
  consumer: "需求部门",
  system: "信息系统",
  resource: "目录条目",
  grant: "授权",
};

export const cutoffMeasures: Words<Cutoff["measure"]> = { slow: "限速", pause: "暂停", cut_off: "停止" };

export const cutoffSides: Words<Cutoff["side"]> = {
  self: "对象所属部门",
  authority: "主管部门",
  platform: "监测规则",
  operator: "运维人员",
};

/** How grave an incident is (CN-35.3). */
export const gravities: Readonly<Record<string, string>> = {
  general: "一般",
  serious: "较大",
  grave: "重大",
  extreme: "特别重大",
};

const text = (value: unknown) => (typeof value === "number" || typeof value === "string" ? String(value) : "？");

/** The hour of a moment that is told in Beijing time: 2026-11-23T14:00:00+08:00 → 2026-11-23 14 时. */
const hour = (at: unknown) => text(at).replace(/^(\d{4}-\d{2}-\d{2})T(\d{2}).*$/, "$1 $2 时");

const sentences: Readonly<Record<string, (facts: Readonly<Record<string, unknown>>) => string>> = {
  volume: (f) => `${hour(f["hour"])}起一小时内调用 ${text(f["calls"])} 次，按以往应为 ${text(f["expected"])} 次左右，超过 ${text(f["factor"])} 倍`,
  off_hours: (f) =>
    f["workday"] === false
      ? `${text(f["day"])}（休息日）调用 ${text(f["calls"])} 次`
      : `${text(f["day"])} ${text(f["from"])} 时前或者 ${text(f["to"])} 时后调用 ${text(f["calls"])} 次`,
  sequential: (f) =>
    `最近查询的 ${text(f["different_keys"])} 个不同的键中，${text(f["near_percent"])}% 与另一个相差不超过 ${text(f["gap"])}，像是按顺序逐个查询（达到 ${text(f["threshold_percent"])}% 即提示）`,
  misses: (f) =>
    `查询的 ${text(f["keys"])} 个键中 ${text(f["missed"])} 个查无结果，占 ${text(f["missed_percent"])}%（达到 ${text(f["threshold_percent"])}% 即提示）`,
  refused: (f) => `${text(f["minutes"])} 分钟内 ${text(f["refused_calls"])} 次调用因超出授权被拒绝`,
  new_address: (f) => `从新的网段 ${text(f["network"])} 调用；该系统自 ${hour(f["known_since"]).slice(0, 10)} 以来从未由此调用`,
};

/** What a rule saw, in a sentence. */
export function factSentence(signal: Pick<RiskSignal, "kind" | "facts" | "name">): string {
  return sentences[signal.kind]?.(signal.facts as Readonly<Record<string, unknown>>) ?? signal.name;
}

const has = (me: Pick<Me, "roles">, ...roles: string[]) => roles.some((role) => me.roles.includes(role));
const heads = (me: Pick<Me, "roles">) => has(me, "office_head", "department_head");
const supervises = (me: Pick<Me, "roles" | "territory">) => Boolean(me.territory) && has(me, "supervisor");

/** What somebody may cut off: a department its own, an authority what lies in its territory. */
export function targetsFor(me: Pick<Me, "roles" | "territory">): ImposeCutoff["target"][] {
  if (supervises(me)) return ["grant", "system", "resource", "consumer", "provider", "all"];
  if (heads(me)) return ["grant", "system", "resource", "consumer", "provider"];
  return has(me, "engineer") ? ["system"] : [];
}

/** Whether somebody may judge a signal; the consumer sees its signals and does not judge them. */
export function mayJudge(signal: Pick<RiskSignal, "provider">, me: Pick<Me, "roles" | "territory" | "department">): boolean {
  return supervises(me) || (signal.provider === me.department.id && heads(me));
}

/** Whether it is worth offering to lift: the side that cut off lifts. The server has the last word. */
export function mayLift(cut: Cutoff, me: Pick<Me, "roles" | "territory" | "department">): boolean {
  if (!cut.in_force) return false;
  switch (cut.side) {
    case "self":
      return cut.department === me.department.id && (heads(me) || (cut.target === "system" && has(me, "engineer")));
    case "authority":
      return cut.department === me.department.id && supervises(me);
    case "platform":
      return heads(me) || supervises(me);
    case "operator":
      return supervises(me);
  }
}

/** What must be typed before something is cut off, so that no slip of the hand does it. */
export function phraseFor(target: ImposeCutoff["target"]): string {
  return `停止${cutoffTargets[target]}`;
}

/** How long a cut-off may last, in minutes; 0: until lifted. */
export const durations: readonly { value: number; label: string }[] = [
  { value: 0, label: "直到恢复" },
  { value: 30, label: "30 分钟" },
  { value: 120, label: "2 小时" },
  { value: 24 * 60, label: "24 小时" },
  { value: 7 * 24 * 60, label: "7 天" },
];
