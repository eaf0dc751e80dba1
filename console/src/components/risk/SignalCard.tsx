import { App, Button, Card, Tag } from "antd";
import { useState } from "react";
import { Link, useNavigate } from "react-router";
import type { RiskSignal } from "../../api/types";
import { useMe } from "../../hooks/useMe";
import { useDecideSignal, useSignalToIncident, useSignalToReport } from "../../hooks/useMonitor";
import { factSentence, mayJudge, signalStates, takenMeasures } from "../../words/monitor";
import { moment } from "../../words/time";
import { StepModal } from "../case/StepModal";
import { ClauseTag } from "../ClauseTag";
import { DepartmentName } from "../DepartmentName";
import { noContext } from "../form/context";
import type { FormValues } from "../form/model";
import { GrantLink, ResourceLink, SystemName } from "./TargetName";
import { signalSteps, type SignalStep } from "./steps";

const colours: Readonly<Record<RiskSignal["state"], string>> = { open: "orange", confirmed: "red", dismissed: "default" };

const said = (value: unknown) => (typeof value === "string" ? value : "");

/** Takes one step on a signal, and goes to the case that came of it. */
function Step({ signal, step, onClose }: { signal: RiskSignal; step: SignalStep; onClose: () => void }) {
  const { message } = App.useApp();
  const navigate = useNavigate();
  const decide = useDecideSignal(signal.id);
  const incident = useSignalToIncident(signal.id);
  const report = useSignalToReport(signal.id);
  const send = async (values: FormValues) => {
    switch (step) {
      case "confirm":
      case "dismiss":
        await decide.mutateAsync({ decision: step, reason: said(values["reason"]) || undefined });
        void message.success(step === "confirm" ? "已判断为属实" : "已判断为误报，由其引起的措施同时恢复");
        return;
      case "incident": {
        const opened = await incident.mutateAsync({
          // The form offers these four values and no other.
          gravity: said(values["gravity"]) as "general",
          measures: said(values["measures"]),
        });
        void navigate(`/cases/${opened.id}`);
        return;
      }
      case "report": {
        const opened = await report.mutateAsync({ description: said(values["description"]) || undefined });
        void navigate(`/cases/${opened.id}`);
      }
    }
  };
  const action = signalSteps[step];
  return (
    <StepModal
      title={action.name}
      action={action}
      context={noContext}
      question=""
      okText={action.name}
      send={send}
      onClose={onClose}
    />
  );
}

/** One signal: what was seen, of whom, what was done about it, and what the reader may do. */
export function SignalCard({ signal }: { signal: RiskSignal }) {
  const me = useMe().data;
  const [step, setStep] = useState<SignalStep>();
  const judge = Boolean(me && mayJudge(signal, me));
  const open = signal.state === "open";
  return (
    <Card size="small" className="panel">
      <article>
        <div className="act-head">
          <strong>{signal.name}</strong>
          <Tag color={colours[signal.state]}>{signalStates[signal.state]}</Tag>
          <ClauseTag clause={signal.clause} />
          <span className="quiet">{moment(signal.at)}</span>
        </div>
        <p className="signal-facts">{factSentence(signal)}。</p>
        <dl className="act-fields">
          <dt>调用方</dt>
          <dd>
            <DepartmentName id={signal.consumer} />
            {/* Others' systems are not the reader's to know by name. */}
            {(me?.department.id === signal.consumer || Boolean(me?.territory)) && (
              <>
                {" · "}
                <SystemName id={signal.system} />
              </>
            )}
          </dd>
          {signal.resource && (
            <>
              <dt>数据</dt>
              <dd>
                <ResourceLink id={signal.resource} />
                {signal.provider && (
                  <>
                    （<DepartmentName id={signal.provider} />）
                  </>
                )}
              </dd>
            </>
          )}
          {signal.grant && (
            <>
              <dt>授权</dt>
              <dd>
                <GrantLink id={signal.grant} />
              </dd>
            </>
          )}
          <dt>已采取的措施</dt>
          <dd>
            {takenMeasures[signal.measure]}
            {signal.cutoff && (
              <>
                ，<Link to="/risk?tab=cutoffs">查看</Link>
              </>
            )}
          </dd>
          {!open && (
            <>
              <dt>判断</dt>
              <dd>
                {moment(signal.decided_at)} {signal.reason || "（未写理由）"}
              </dd>
            </>
          )}
          {signal.case && (
            <>
              <dt>由此立件</dt>
              <dd>
                <Link to={`/cases/${signal.case}`}>查看办件</Link>
              </dd>
            </>
          )}
        </dl>
        {!signal.case && (open ? judge : signal.state === "confirmed") && (
          <div className="buttons gap-above">
            {open && judge && (
              <>
                <Button onClick={() => setStep("confirm")}>属实</Button>
                <Button onClick={() => setStep("dismiss")}>误报</Button>
              </>
            )}
            <Button onClick={() => setStep("incident")}>上报安全事件</Button>
            <Button onClick={() => setStep("report")}>报告违规情形</Button>
          </div>
        )}
      </article>
      {step && <Step key={step} signal={signal} step={step} onClose={() => setStep(undefined)} />}
    </Card>
  );
}
