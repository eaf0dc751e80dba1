import { Alert, Button, Card, Form } from "antd";
import { Link, useNavigate, useSearchParams } from "react-router";
import { problemOf } from "../api/problem";
import type { Start } from "../api/types";
import { ClauseTag } from "../components/ClauseTag";
import { Matches } from "../components/demand/Matches";
import { noContext } from "../components/form/context";
import type { FormValues } from "../components/form/model";
import { ProcedureForm } from "../components/form/ProcedureForm";
import { PageTitle } from "../components/PageTitle";
import { ProblemAlert } from "../components/ProblemAlert";
import { Waiting } from "../components/Waiting";
import { useOpenCase } from "../hooks/useCases";
import { useLookDemand } from "../hooks/useDemands";
import { useFormFaults } from "../hooks/useFormFaults";
import { useLaw } from "../hooks/useLaw";
import { useSettled } from "../hooks/useSettled";
import { useStarts } from "../hooks/useStarts";
import { openingFields } from "../words/law";
import { startFault, startFields, startRequest } from "../words/starts";

const text = (value: unknown) => (typeof value === "string" ? value.trim() : "");
const texts = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);

function DemandForm({ start }: { start: Start }) {
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const [form] = Form.useForm<FormValues>();
  const faults = useFormFaults(form);
  const open = useOpenCase();
  const law = useLaw().data;
  const words = (search.get("words") ?? "").slice(0, 200);
  // What must be there before the demand is handed in is marked.
  const later = new Set((law ? openingFields(law, start.procedure, "propose") : []).filter((field) => field.later).map(({ id }) => id));
  const fields = startFields(start).map((field) => ({
    ...field,
    name: field.id === "title" ? "需要的数据的名称" : field.name,
    later: !field.required && later.has(field.id),
  }));
  const title = text(Form.useWatch("title", form) as unknown);
  const items = texts(Form.useWatch("wanted_items", form) as unknown);
  const wanted = useSettled(JSON.stringify({ name: title, words, items }), 500);
  const found = useLookDemand(JSON.parse(wanted) as { name: string; words: string; items: string[] });
  const send = (values: FormValues) => {
    faults.clear();
    open.mutate(startRequest(start, values), {
      onSuccess: (view) => void navigate(`/cases/${view.id}`),
      onError: (error) => faults.show(problemOf(error).renamed(startFault), { names: fields.map(({ id }) => id) }),
    });
  };
  return (
    <>
      <PageTitle
        title="提出数据需求"
        aside={<ClauseTag clause={start.clause} article={start.article} />}
        note="先保存为草稿，再报本部门共享工作机构负责人；同意后由主管部门分派给掌握数据的部门。"
      />
      <ProblemAlert error={faults.refusal?.problem} faults={faults.refusal?.above} />
      <div className="case-columns">
        <Card>
          <ProcedureForm
            form={form}
            fields={fields}
            context={noContext}
            initial={{ title: words || undefined, search_words: words || undefined, urgency: "normal" }}
            onValuesChange={faults.mend}
            onFinish={send}
          />
          <div className="buttons">
            <Button type="primary" loading={open.isPending} onClick={() => form.submit()}>
              保存草稿
            </Button>
            <Link to="/demands">
              <Button>返回</Button>
            </Link>
          </div>
        </Card>
        <Card size="small" title="已有的目录和需求">
          {found.data ? (
            <Matches matches={found.data} />
          ) : found.error ? (
            <ProblemAlert error={found.error} onRetry={() => void found.refetch()} />
          ) : (
            <p className="quiet">{found.isFetching ? "正在查找" : "填写名称或者数据项后，在这里列出可能已有的目录条目和相同的需求。"}</p>
          )}
        </Card>
      </div>
    </>
  );
}

/** Raises a demand, as a rule from a search that found nothing (CN-20.1). */
export function NewDemandPage() {
  return (
    <Waiting query={useStarts()}>
      {(starts) => {
        const start = starts.find(({ procedure }) => procedure === "demand");
        return start ? (
          <DemandForm start={start} />
        ) : (
          <Alert
            type="info"
            showIcon
            message="数据需求由部门的经办人或者共享工作机构负责人提出。"
            action={<Link to="/demands">查看各部门的需求</Link>}
          />
        );
      }}
    </Waiting>
  );
}
