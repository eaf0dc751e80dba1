/** What is known of a term: what the server computed, never recounted here. */
export interface Term {
  lastDay: string;
  /** Negative: working days late. */
  workingDaysLeft: number;
  overdue: boolean;
  /** The clock was stopped: the act was done. */
  stopped?: boolean;
}

export type Tone = "calm" | "soon" | "late" | "done";

export interface DueWords {
  text: string;
  tone: Tone;
}

/** From this many working days left on, a term is shown as near. */
const near = 2;

/** Says in words how a term stands; colour alone would not reach everybody. */
export function dueWords(term: Term): DueWords {
  if (term.stopped) {
    return term.overdue
      ? { text: "逾期办结", tone: "late" }
      : { text: "按期办结", tone: "done" };
  }
  if (term.overdue) {
    const late = Math.abs(term.workingDaysLeft);
    return { text: late > 0 ? `已逾期 ${late} 个工作日` : "已逾期", tone: "late" };
  }
  if (term.workingDaysLeft <= 0) return { text: "今日到期", tone: "soon" };
  return {
    text: `剩余 ${term.workingDaysLeft} 个工作日`,
    tone: term.workingDaysLeft <= near ? "soon" : "calm",
  };
}
