import type { QualityJob } from "../../api/types";

export const jobStates: Readonly<Record<QualityJob["state"], string>> = {
  queued: "排队中",
  running: "检查中",
  done: "已完成",
  failed: "未能完成",
  cancelled: "已停止",
};

/** Whether a measurement waits or is under way. */
export function running(job: Pick<QualityJob, "state"> | undefined): boolean {
  return job?.state === "queued" || job?.state === "running";
}

/** How far it is, 0 to 100; 0 while the rows are not counted yet. */
export function jobPercent(job: Pick<QualityJob, "read" | "total">): number {
  return job.total > 0 ? Math.min(100, Math.floor((100 * job.read) / job.total)) : 0;
}
