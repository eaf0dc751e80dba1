import { Alert, Button, Card, Form, Result, Select } from "antd";
import { useState } from "react";
import { Link, useLocation } from "react-router";
import { problemOf, type Problem } from "../api/problem";
import type { BulkResult, ResourceDetail } from "../api/types";
import { bulkRequest, divide, divideFaults, type Chosen } from "../components/bulk/bulk";
import { itemOption } from "../components/form/context";
import { ItemsPicker } from "../components/form/ItemsPicker";
import type { FormField, FormValues } from "../components/form/model";
import { ProcedureForm } from "../components/form/ProcedureForm";
import { PageTitle } from "../components/PageTitle";
import { ProblemAlert } from "../components/ProblemAlert";
import { Waiting } from "../components/Waiting";
import { useManyResources, useOpenCases } from "../hooks/useBulk";
import { useResourceContext } from "../hooks/useFormContext";
import { useFormFaults } from "../hooks/useFormFaults";
import { useLaw } from "../hooks/useLaw";
import { useMe } from "../hooks/useMe";
import { useWords } from "../hooks/useVocabulary";
import { word } from "../words/labels";
import { openingFields } from "../words/law";

interface EntryProps {
  detail: ResourceDetail;
  chosen: Chosen;
  faults: readonly string[];
  onChange: (chosen: Chosen) => void;
  onRemove: () => void;
}

function EntryCard({ detail, chosen, faults, onChange, onRemove }: EntryProps) {
  const methods = useWords("method");
  const entry = detail.published?.entry;
  return (
    <Card
      size="small"
      className="panel"
      title={entry?.name ?? detail.resource.code}
      extra={
        <Button type="text" size="small" onClick={onRemove}>
          移出
        </Button>
      }
    >
      {faults.length > 0 && (
        <Alert
          className="gap-below"
          type="error"
          role="alert"
          message={
            <ul className="plain-list">
              {faults.map((line) => (
                <li key={line}>{line}</li>
              ))}
            </ul>
          }
        />
      )}
      <Form layout="vertical" component="div">
        <Form.Item label="申请的数据项">
          <ItemsPicker
            items={(entry?.items ?? []).map(itemOption)}
            value={chosen.items}
            onChange={(items) => onChange({ ...chosen, items })}
          />
        </Form.Item>
        {(entry?.methods?.length ?? 0) > 1 && (
          <Form.Item label="共享方式">
            <Select
              aria-label={`${entry?.name ?? ""}的共享方式`}
              placeholder="请选择"
              value={chosen.method}
              options={(entry?.methods ?? []).map((value) => ({ value, label: word(methods, value) }))}
              onChange={(method: string) => onChange({ ...chosen, method })}
            />
          </Form.Item>
        )}
      </Form>
    </Card>
  );
}

function Opened({ results, names }: { results: BulkResult[]; names: ReadonlyMap<string, string> }) {
  return (
    <Card>
      <Result
        status="success"
        title={`已为 ${results.length} 项资源起草共享申请`}
        subTitle="逐件核对后报本部门共享工作机构负责人。"
        extra={<Link to="/todos">查看待办</Link>}
      />
      <ul className="plain-list">
        {results.map((one) => (
          <li key={one.case}>
            <Link to={`/cases/${one.case}`}>
              {one.number} {names.get(one.subject ?? "")}
            </Link>{" "}
            <span className="quiet">{one.stage_name}</span>
          </li>
        ))}
      </ul>
    </Card>
  );
}

function BulkForm({ details, fields }: { details: ResourceDetail[]; fields: FormField[] }) {
  const me = useMe().data;
  const context = useResourceContext(undefined, me?.department.id);
  const [form] = Form.useForm<FormValues>();
  const faults = useFormFaults(form);
  const open = useOpenCases();
  const [wrong, setWrong] = useState<ReadonlyMap<number, string[]>>(new Map());
  const [chosen, setChosen] = useState<Chosen[]>(() =>
    details.map(({ resource, published }) => ({
      id: resource.id,
      items: [],
      method: published?.entry.methods?.length === 1 ? published.entry.methods[0] : undefined,
    })),
  );
  const { common } = divide(fields);
  const names = new Map(details.map(({ resource, published }) => [resource.id, published?.entry.name ?? resource.code]));

  if (open.data) return <Opened results={open.data.items} names={names} />;
  const refuse = (problem: Problem) => {
    const { each, common: rest } = divideFaults(problem, common);
    setWrong(each);
    faults.show(rest, { names: common.map(({ id }) => id) });
  };
  const send = (values: FormValues) => {
    faults.clear();
    setWrong(new Map());
    open.mutate(bulkRequest("application", "draft", values, chosen), { onError: (error) => refuse(problemOf(error)) });
  };
  if (chosen.length === 0) return <Alert type="info" showIcon message="没有选中的资源。" action={<Link to="/catalog">去目录</Link>} />;
  return (
    <>
      <ProblemAlert error={faults.refusal?.problem} faults={faults.refusal?.above} />
      <Card className="panel" size="small" title={`共同填写（适用于 ${chosen.length} 项资源）`}>
        <ProcedureForm
          form={form}
          fields={common}
          context={context}
          initial={{ mode: "query" }}
          onValuesChange={faults.mend}
          onFinish={send}
        />
      </Card>
      {chosen.map((one, at) => {
        const detail = details.find(({ resource }) => resource.id === one.id);
        return (
          detail && (
            <EntryCard
              key={one.id}
              detail={detail}
              chosen={one}
              faults={wrong.get(at) ?? []}
              onChange={(next) => setChosen(chosen.map((other) => (other.id === one.id ? next : other)))}
              onRemove={() => {
                setWrong(new Map()); // places move
                setChosen(chosen.filter((other) => other.id !== one.id));
              }}
            />
          )
        );
      })}
      <Button type="primary" loading={open.isPending} onClick={() => form.submit()}>
        保存 {chosen.length} 份草稿
      </Button>
    </>
  );
}

/** IDs that the catalog handed over; anybody may have written the history's state. */
function handed(state: unknown): string[] {
  const list = typeof state === "object" && state !== null && "resources" in state ? state.resources : undefined;
  return Array.isArray(list) ? list.filter((id): id is string => typeof id === "string").slice(0, 200) : [];
}

/** One form for many resources; each becomes an application of its own (CN-20). */
export function BulkApplyPage() {
  const ids = handed(useLocation().state);
  const law = useLaw();
  const found = useManyResources(ids);
  const failed = found.find(({ error }) => error);
  const details = found.every(({ data }) => data) ? found.flatMap(({ data }) => data ?? []) : undefined;
  return (
    <div className="form-narrow">
      <PageTitle title="批量申请共享" note="一张表单申请多项资源，逐项形成申请；全部有效才一并保存为草稿。" />
      {ids.length === 0 ? (
        <Alert type="info" showIcon message="请先在目录中勾选要申请的资源。" action={<Link to="/catalog">去目录</Link>} />
      ) : (
        <Waiting query={{ data: details, error: failed?.error ?? null, refetch: () => failed?.refetch() }}>
          {(entries) => (
            <Waiting query={law}>
              {(rules) => <BulkForm details={entries} fields={openingFields(rules, "application", "propose")} />}
            </Waiting>
          )}
        </Waiting>
      )}
    </div>
  );
}
