import { Alert, Button, Card, Descriptions, Form } from "antd";
import { useNavigate, useParams } from "react-router";
import type { ResourceDetail } from "../api/types";
import { AttributeTag } from "../components/AttributeTag";
import type { FormField, FormValues } from "../components/form/model";
import { ProcedureForm } from "../components/form/ProcedureForm";
import { PageTitle } from "../components/PageTitle";
import { ProblemAlert } from "../components/ProblemAlert";
import { Waiting } from "../components/Waiting";
import { useOpenCase } from "../hooks/useCases";
import { useResource } from "../hooks/useCatalog";
import { useResourceContext } from "../hooks/useFormContext";
import { useFormFaults } from "../hooks/useFormFaults";
import { useLaw } from "../hooks/useLaw";
import { useMe } from "../hooks/useMe";
import { useDepartment } from "../hooks/useNames";
import { openingFields } from "../words/law";

interface Props {
  detail: ResourceDetail;
  fields: FormField[];
}

function Application({ detail, fields }: Props) {
  const { resource, published } = detail;
  const navigate = useNavigate();
  const me = useMe().data;
  const provider = useDepartment(resource.provider).data;
  const context = useResourceContext(resource.id, me?.department.id);
  const [form] = Form.useForm<FormValues>();
  const faults = useFormFaults(form);
  const open = useOpenCase();
  const name = published?.entry.name ?? "";

  const save = (values: FormValues) => {
    faults.clear();
    open.mutate(
      { procedure: "application", subject: resource.id, fields: values },
      {
        onSuccess: (view) => void navigate(`/cases/${view.id}`),
        onError: (error) => faults.show(error, { names: fields.map((field) => field.id) }),
      },
    );
  };

  if (!published) return <Alert type="info" showIcon message="该资源尚未发布，不能申请。" />;
  return (
    <div className="form-narrow">
      <PageTitle
        title={`申请共享：${name}`}
        aside={<AttributeTag attribute={published.entry.attribute} />}
        note="先保存为草稿，再报本部门共享工作机构负责人同意后提出（第二十条第二款）。"
      />
      <Card className="panel" size="small">
        <Descriptions
          size="small"
          column={1}
          items={[
            { key: "provider", label: "提供部门", children: provider?.name ?? "—" },
            { key: "conditions", label: "使用条件", children: published.entry.use_conditions || "—" },
            { key: "scope", label: "使用范围", children: published.entry.scope_of_use || "—" },
          ]}
        />
      </Card>
      <ProblemAlert error={faults.refusal?.problem} faults={faults.refusal?.above} />
      <Card>
        <ProcedureForm
          form={form}
          fields={fields}
          context={context}
          initial={{ mode: "query", method: context.methods.length === 1 ? context.methods[0] : undefined }}
          onValuesChange={faults.mend}
          onFinish={save}
        />
        <Button type="primary" loading={open.isPending} onClick={() => form.submit()}>
          保存草稿
        </Button>
      </Card>
    </div>
  );
}

/** Application for a resource, from a blank form to a saved draft. */
export function ApplyPage() {
  const { id } = useParams();
  const law = useLaw();
  return (
    <Waiting query={useResource(id)}>
      {(detail) => (
        <Waiting query={law}>
          {(rules) => <Application detail={detail} fields={openingFields(rules, "application", "propose")} />}
        </Waiting>
      )}
    </Waiting>
  );
}
