import { Alert, Button, Card, Form } from "antd";
import { Link, useNavigate, useParams, useSearchParams } from "react-router";
import { problemOf } from "../api/problem";
import type { Start } from "../api/types";
import { ClauseTag } from "../components/ClauseTag";
import type { FormValues } from "../components/form/model";
import { ProcedureForm } from "../components/form/ProcedureForm";
import { PageTitle } from "../components/PageTitle";
import { ProblemAlert } from "../components/ProblemAlert";
import { Waiting } from "../components/Waiting";
import { useOpenCase } from "../hooks/useCases";
import { useResourceContext } from "../hooks/useFormContext";
import { useFormFaults } from "../hooks/useFormFaults";
import { useGrant } from "../hooks/useGrants";
import { useMe } from "../hooks/useMe";
import { useStarts } from "../hooks/useStarts";
import { startFault, startFields, startRequest, whoWords } from "../words/starts";

const text = (value: unknown) => (typeof value === "string" ? value : "");

function StartForm({ start }: { start: Start }) {
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const me = useMe().data;
  const [form] = Form.useForm<FormValues>();
  const faults = useFormFaults(form);
  const open = useOpenCase();
  const given = search.get("subject") ?? undefined;
  const subject = text(Form.useWatch("subject", form)) || given || "";
  const grant = useGrant(subject, start.subject === "grant" && subject !== "").data;
  const about = start.subject === "resource" || start.subject === "own_resource" ? subject : grant?.resource;
  const context = useResourceContext(about || undefined, me?.department.id);
  const fields = startFields(start);

  const send = (values: FormValues) => {
    faults.clear();
    open.mutate(startRequest(start, values), {
      onSuccess: (view) => void navigate(`/cases/${view.id}`),
      onError: (error) => faults.show(problemOf(error).renamed(startFault), { names: fields.map(({ id }) => id) }),
    });
  };

  return (
    <div className="form-narrow">
      <PageTitle
        title={start.procedure_name}
        aside={<ClauseTag clause={start.clause} article={start.article} />}
        note={`${start.action.name} · 由${whoWords(start.who)}发起；办理行为写入存证。`}
      />
      <ProblemAlert error={faults.refusal?.problem} faults={faults.refusal?.above} />
      <Card>
        <ProcedureForm
          form={form}
          fields={fields}
          context={context}
          initial={{
            subject: given,
            mode: fields.some(({ id }) => id === "mode") ? "query" : undefined,
          }}
          onValuesChange={faults.mend}
          onFinish={send}
        />
        {fields.length === 0 && <p>此事项没有需要填写的内容。</p>}
        <div className="buttons">
          <Button type="primary" loading={open.isPending} onClick={() => form.submit()}>
            {start.action.name}
          </Button>
          <Link to="/start">
            <Button>返回</Button>
          </Link>
        </div>
      </Card>
    </div>
  );
}

/** Begins a case of any procedure, from its blank form to the opened case. */
export function StartPage() {
  const { procedure, action } = useParams();
  return (
    <Waiting query={useStarts()}>
      {(starts) => {
        const start = starts.find((one) => one.procedure === procedure && one.action.id === action);
        return start ? (
          <StartForm key={`${start.procedure}/${start.action.id}`} start={start} />
        ) : (
          <Alert
            type="info"
            showIcon
            message="您的角色不能发起此事项，或者它在本地不施行。"
            action={<Link to="/start">查看可以发起的事项</Link>}
          />
        );
      }}
    </Waiting>
  );
}
