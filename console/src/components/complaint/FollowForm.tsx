import { Button, Descriptions, Form, Input, Tag, Timeline } from "antd";
import type { ComplaintProgress } from "../../api/types";
import { useFollow } from "../../hooks/useComplaints";
import { complaintKinds, word } from "../../words/labels";
import { moment } from "../../words/time";
import { ProblemAlert } from "../ProblemAlert";

interface Asked {
  number: string;
  code: string;
}

function Progress({ progress }: { progress: ComplaintProgress }) {
  const lines: [string, string | undefined][] = [
    ["反映的问题", word(complaintKinds, progress.kind)],
    ["承办部门", progress.department],
    ["收到时间", moment(progress.lodged_at)],
    ["办理期限", progress.last_day && `${progress.last_day}${progress.overdue ? "（已逾期）" : ""}`],
    ["不予受理的理由", progress.reasons],
    ["处理结果", progress.result],
    ["采取的措施", progress.measures],
    ["答复", progress.reply],
  ];
  return (
    <section aria-label="办理情况" className="gap-above">
      <p>
        <strong>{progress.number}</strong> <Tag color={progress.closed ? "default" : "blue"}>{progress.stage_name}</Tag>
      </p>
      <Descriptions
        size="small"
        bordered
        column={1}
        className="gap-below"
        items={lines
          .filter(([, told]) => told)
          .map(([label, told]) => ({ key: label, label, children: <p className="told">{told}</p> }))}
      />
      <Timeline
        items={progress.events.map((event) => ({
          key: `${event.at}/${event.what}`,
          children: (
            <>
              {event.what} <span className="quiet">{moment(event.at)}</span>
            </>
          ),
        }))}
      />
    </section>
  );
}

/** How a complaint stands, for who has its number and code. */
export function FollowForm() {
  const follow = useFollow();
  return (
    <>
      <ProblemAlert error={follow.error} />
      <Form<Asked>
        layout="vertical"
        requiredMark={false}
        onFinish={({ number, code }) => follow.mutate({ number: number.trim(), code: code.trim() })}
      >
        <Form.Item name="number" label="编号" rules={[{ required: true, whitespace: true, message: "请填写编号" }]}>
          <Input maxLength={32} placeholder="TS-2026-000001" autoComplete="off" />
        </Form.Item>
        <Form.Item name="code" label="查询码" rules={[{ required: true, whitespace: true, message: "请填写查询码" }]}>
          <Input maxLength={64} autoComplete="off" />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={follow.isPending}>
          查询
        </Button>
      </Form>
      {follow.data && !follow.isPending && <Progress progress={follow.data} />}
    </>
  );
}
