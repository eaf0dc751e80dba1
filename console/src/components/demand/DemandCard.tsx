import { App, Button, Card, Tag } from "antd";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import { problemOf } from "../../api/problem";
import type { Action, Demand } from "../../api/types";
import { useOpenCase } from "../../hooks/useCases";
import { useDemandApplication, useJoinDemand, useLeaveDemand } from "../../hooks/useDemands";
import { useMe } from "../../hooks/useMe";
import { day } from "../../words/time";
import { StepModal } from "../case/StepModal";
import { noContext } from "../form/context";
import { demandColours, demandStates } from "./words";

const joining: Action = {
  id: "join",
  name: "我也需要",
  clause: "CN-20.1",
  fields: [{ id: "note", name: "说明（不得写个人信息）", type: "text", required: false, max: 500 }],
};

/** The buttons of a demand: need it too, or apply for what answers it. */
function Doors({ demand }: { demand: Demand }) {
  const me = useMe().data;
  const { message } = App.useApp();
  const navigate = useNavigate();
  const [asking, setAsking] = useState(false);
  const join = useJoinDemand(demand.id);
  const leave = useLeaveDemand(demand.id);
  const prefill = useDemandApplication(demand.id);
  const open = useOpenCase();
  const failed = (error: unknown) => void message.error(problemOf(error).message);
  const may = me?.roles.some((role) => role === "clerk" || role === "office_head");
  if (!may) return null;
  const apply = async () => {
    try {
      const { procedure, subject, title, fields, missing } = await prefill.mutateAsync();
      const view = await open.mutateAsync({ procedure, subject, title, fields });
      if (missing.length > 0) void message.info(`此目录条目没有：${missing.join("、")}`);
      void navigate(`/cases/${view.id}`);
    } catch (error) {
      failed(error);
    }
  };
  return (
    <div className="buttons gap-above">
      {demand.state !== "closed" && !demand.ours && !demand.joined_by_us && <Button onClick={() => setAsking(true)}>我也需要</Button>}
      {demand.joined_by_us && demand.state !== "closed" && (
        <Button loading={leave.isPending} onClick={() => leave.mutate(undefined, { onError: failed })}>
          不再需要
        </Button>
      )}
      {demand.resource && (demand.ours || demand.joined_by_us) && (
        <Button type="primary" loading={prefill.isPending || open.isPending} onClick={() => void apply()}>
          按此需求起草共享申请
        </Button>
      )}
      {asking && (
        <StepModal
          title="我也需要"
          action={joining}
          context={noContext}
          question=""
          okText="我也需要"
          send={async (values) => {
            await join.mutateAsync(typeof values["note"] === "string" ? values["note"] : undefined);
            void message.success("已登记，有了结果会得到通知");
          }}
          onClose={() => setAsking(false)}
        />
      )}
    </div>
  );
}

/** One demand as every department may know it. */
export function DemandCard({ demand, link = true }: { demand: Demand; link?: boolean }) {
  return (
    <Card size="small" className="panel">
      <article>
        <div className="act-head">
          <strong>{link ? <Link to={`/demands/${demand.id}`}>{demand.name}</Link> : demand.name}</strong>
          <Tag color={demandColours[demand.state]}>{demandStates[demand.state]}</Tag>
          {demand.urgency === "urgent" && <Tag color="red">紧急</Tag>}
          {demand.ours && <Tag>本部门提出</Tag>}
        </div>
        <div className="quiet">
          {demand.department_name} · {demand.number} · {day(demand.announced_at)}
        </div>
        <dl className="act-fields">
          <dt>需要什么</dt>
          <dd>{demand.data}</dd>
          <dt>数据项</dt>
          <dd>{demand.items.join("、") || "—"}</dd>
          <dt>范围</dt>
          <dd>{demand.scope}</dd>
          {demand.joined.length > 0 && (
            <>
              <dt>也需要</dt>
              <dd>{demand.joined.map(({ name }) => name).join("、")}</dd>
            </>
          )}
          {demand.resource && (
            <>
              <dt>满足需要</dt>
              <dd>
                <Link to={`/catalog/${demand.resource}`}>{demand.resource_name || "查看目录条目"}</Link>
              </dd>
            </>
          )}
          {demand.merged_into && (
            <>
              <dt>已并入</dt>
              <dd>
                <Link to={`/demands/${demand.merged_into}`}>另一件需求</Link>
              </dd>
            </>
          )}
          {demand.ours && (
            <>
              <dt>办理</dt>
              <dd>
                <Link to={`/cases/${demand.id}`}>查看办件</Link>
              </dd>
            </>
          )}
        </dl>
        <Doors demand={demand} />
      </article>
    </Card>
  );
}
