import { App, Button, Card, Checkbox, Empty, Table, Tag, type TableColumnsType } from "antd";
import { useState } from "react";
import { useSearchParams } from "react-router";
import type { Cutoff } from "../../api/types";
import { useMe } from "../../hooks/useMe";
import { useCutoffs, useLiftCutoff } from "../../hooks/useMonitor";
import { cutoffMeasures, cutoffSides, cutoffTargets, mayLift, targetsFor } from "../../words/monitor";
import { moment } from "../../words/time";
import { StepModal } from "../case/StepModal";
import { DepartmentName } from "../DepartmentName";
import { noContext } from "../form/context";
import { More } from "../More";
import { Waiting } from "../Waiting";
import { ImposeModal } from "./ImposeModal";
import { liftStep } from "./steps";
import { TargetName } from "./TargetName";

function Lift({ cut, onClose }: { cut: Cutoff; onClose: () => void }) {
  const lift = useLiftCutoff(cut.id);
  const { message } = App.useApp();
  return (
    <StepModal
      title={`恢复${cutoffTargets[cut.target]}`}
      action={liftStep}
      context={noContext}
      question=""
      okText="恢复"
      send={async (values) => {
        await lift.mutateAsync(String(values["reason"] ?? ""));
        void message.success("已恢复，各副本一秒之内生效");
      }}
      onClose={onClose}
    />
  );
}

function columnsOf(onLift: (cut: Cutoff) => void, may: (cut: Cutoff) => boolean): TableColumnsType<Cutoff> {
  return [
    {
      title: "对象",
      key: "target",
      render: (_, cut) => (
        <>
          {cutoffTargets[cut.target]} <TargetName target={cut.target} id={cut.target_id} />
        </>
      ),
    },
    {
      title: "措施",
      key: "measure",
      render: (_, cut) => (
        <>
          <Tag color={cut.in_force ? "red" : "default"}>
            {cutoffMeasures[cut.measure]}
            {cut.rate ? `（每秒 ${cut.rate} 次）` : ""}
          </Tag>
          {cut.in_force ? (
            <div className="quiet">{cut.until ? `至 ${moment(cut.until)}` : "直到恢复"}</div>
          ) : (
            <div className="quiet">{cut.lifted_at ? `${moment(cut.lifted_at)} 恢复` : `${moment(cut.until)} 到期`}</div>
          )}
        </>
      ),
    },
    {
      title: "决定",
      key: "side",
      responsive: ["sm"],
      render: (_, cut) => (
        <>
          {cut.department ? <DepartmentName id={cut.department} /> : cutoffSides[cut.side]}
          <div className="quiet">
            {cut.department && `${cutoffSides[cut.side]} · `}
            {moment(cut.at)}
          </div>
        </>
      ),
    },
    {
      title: "理由",
      key: "reason",
      responsive: ["md"],
      render: (_, cut) => (
        <>
          {cut.reason}
          {cut.lift_reason && <div className="quiet">恢复：{cut.lift_reason}</div>}
        </>
      ),
    },
    {
      title: <span className="quiet">操作</span>,
      key: "do",
      align: "right",
      render: (_, cut) =>
        may(cut) && (
          <Button size="small" onClick={() => onLift(cut)}>
            恢复
          </Button>
        ),
    },
  ];
}

/** What is slowed, paused or stopped; cutting off and lifting (CN-35). */
export function CutoffList() {
  const [search, setSearch] = useSearchParams();
  const me = useMe().data;
  const [all, setAll] = useState(false);
  const [lifting, setLifting] = useState<Cutoff>();
  // A page of something may lead here to stop it.
  const asked = search.get("stop");
  const [imposing, setImposing] = useState(asked !== null);
  const list = useCutoffs(!all);
  const targets = me ? targetsFor(me) : [];
  const close = () => {
    setImposing(false);
    if (asked !== null) setSearch({ tab: "cutoffs" }, { replace: true });
  };
  return (
    <>
      <div className="filters">
        <Checkbox checked={all} onChange={(event) => setAll(event.target.checked)}>
          包括已经恢复和到期的
        </Checkbox>
        {targets.length > 0 && (
          <Button danger onClick={() => setImposing(true)}>
            紧急停止
          </Button>
        )}
      </div>
      <Waiting<Cutoff[]> query={{ ...list, data: list.data?.pages.flatMap((page) => page.items) }}>
        {(cuts) => (
          <Card styles={{ body: { padding: 0 } }}>
            <Table<Cutoff>
              rowKey="id"
              columns={columnsOf(setLifting, (cut) => Boolean(me && mayLift(cut, me)))}
              dataSource={cuts}
              size="middle"
              pagination={false}
              locale={{
                emptyText: (
                  <Empty
                    image={Empty.PRESENTED_IMAGE_SIMPLE}
                    description={all ? "没有限速、暂停或者停止的记录" : "现在没有限速、暂停或者停止的对象"}
                  />
                ),
              }}
            />
          </Card>
        )}
      </Waiting>
      <More list={list} />
      {imposing && me && targets.length > 0 && (
        <ImposeModal me={me} targets={targets} asked={asked} askedID={search.get("id") ?? undefined} onClose={close} />
      )}
      {lifting && <Lift key={lifting.id} cut={lifting} onClose={() => setLifting(undefined)} />}
    </>
  );
}
