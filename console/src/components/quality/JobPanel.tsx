import { Alert, Button, Card, Progress } from "antd";
import type { QualityJob } from "../../api/types";
import { useStopQuality } from "../../hooks/useQuality";
import { moment } from "../../words/time";
import { ProblemAlert } from "../ProblemAlert";
import { jobPercent, jobStates, running } from "./job";

interface Props {
  resource: string;
  job: QualityJob;
  mayStop: boolean;
}

/** The last measurement that was asked for: how far it is, and a way to stop it. A finished one is told by its results. */
export function JobPanel({ resource, job, mayStop }: Props) {
  const stop = useStopQuality(resource);
  if (job.state === "done") return null;
  if (!running(job)) {
    return (
      <Alert
        className="gap-below"
        type={job.state === "failed" ? "error" : "info"}
        showIcon
        message={`${moment(job.ended_at ?? job.queued_at)} 的检查${jobStates[job.state]}`}
        description={job.message || undefined}
      />
    );
  }
  return (
    <Card size="small" className="panel" title={job.stopping ? "正在停止" : jobStates[job.state]} aria-live="polite">
      <ProblemAlert error={stop.error} />
      <div className="job">
        <Progress percent={jobPercent(job)} status="active" />
        {mayStop && (
          <Button size="small" loading={stop.isPending} disabled={job.stopping} onClick={() => stop.mutate(job.id)}>
            停止
          </Button>
        )}
      </div>
      <span className="quiet">
        {moment(job.queued_at)} 发起；已读 {job.read} 行{job.total > 0 ? `，共 ${job.total} 行（为查重可能读多遍）` : ""}。
      </span>
    </Card>
  );
}
