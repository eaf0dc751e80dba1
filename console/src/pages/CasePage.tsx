import { Card, Tag } from "antd";
import { useParams } from "react-router";
import type { CaseView } from "../api/types";
import { ActionBar } from "../components/case/ActionBar";
import { ClockCards } from "../components/case/ClockCards";
import { DisputeLink } from "../components/case/DisputeLink";
import { FactList } from "../components/case/FactList";
import { GrantLink } from "../components/case/GrantLink";
import { CaseMatches } from "../components/demand/CaseMatches";
import { Parties } from "../components/case/Parties";
import { Timeline } from "../components/case/Timeline";
import { SealedPart } from "../components/sealed/SealedPart";
import { PageTitle } from "../components/PageTitle";
import { Waiting } from "../components/Waiting";
import { useCase } from "../hooks/useCases";
import { useCaseContext } from "../hooks/useFormContext";
import { useLaw } from "../hooks/useLaw";
import { fieldsOf } from "../words/law";

function CaseSheet({ view }: { view: CaseView }) {
  const context = useCaseContext(view);
  const fields = fieldsOf(useLaw().data, view.procedure);
  return (
    <>
      <PageTitle
        title={view.title || view.number}
        aside={<Tag color={view.final ? "default" : "blue"}>{view.stage_name}</Tag>}
        note={`${view.procedure_name} · ${view.number}`}
        actions={
          <>
            <ActionBar view={view} context={context} />
            <DisputeLink view={view} />
          </>
        }
      />
      <ClockCards clocks={view.clocks} />
      <div className="case-columns">
        <Card size="small" title="办理过程">
          <Timeline acts={view.acts} fields={fields} context={context} />
        </Card>
        <div>
          <Card size="small" title="当事方" className="panel">
            <Parties view={view} />
          </Card>
          <GrantLink view={view} />
          <CaseMatches view={view} />
          <SealedPart view={view} context={context} />
          <Card size="small" title="内容">
            <FactList facts={view.facts} fields={fields} context={context} />
          </Card>
        </div>
      </div>
    </>
  );
}

/** One case: where it stands, by when, what happened, and what the reader can do now. */
export function CasePage() {
  const { id = "" } = useParams();
  return <Waiting query={useCase(id)}>{(view) => <CaseSheet view={view} />}</Waiting>;
}
