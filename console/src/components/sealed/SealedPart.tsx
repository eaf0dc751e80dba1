import { EyeInvisibleOutlined, LockOutlined } from "@ant-design/icons";
import { Alert, App, Button, Card, Form, Input, Popconfirm, Table, type TableColumnsType } from "antd";
import { useState } from "react";
import type { CaseView, SealedCorrection } from "../../api/types";
import { useFormFaults } from "../../hooks/useFormFaults";
import { useMe } from "../../hooks/useMe";
import { useFileValues, useReadComplaint, useRevealCorrection } from "../../hooks/useSealed";
import { ClauseTag } from "../ClauseTag";
import type { FormContext } from "../form/model";
import { ProblemAlert } from "../ProblemAlert";
import { firstValues, mayFileValues, mayReveal, sealedKind, valuesRequest, valueWords } from "./sealed";

interface Props {
  view: CaseView;
  context: FormContext;
}

type Claim = SealedCorrection["claims"][number];

interface DoorProps {
  clause: string;
  what: string;
  pending: boolean;
  error: unknown;
  onOpen: () => void;
}

/** Asks before it opens: who looked and when is recorded for good. */
function Door({ clause, what, pending, error, onOpen }: DoorProps) {
  return (
    <>
      <ProblemAlert error={error} />
      <p className="quiet">
        {what}密封保存 <ClauseTag clause={clause} />
        ，不在办件内容、日志和存证中；查看的人和时间写入存证。
      </p>
      <Popconfirm
        title="查看密封内容"
        description="只限办理本件所需；本次查看将写入存证。"
        okText="查看"
        cancelText="取消"
        onConfirm={onOpen}
      >
        <Button icon={<LockOutlined />} loading={pending}>
          查看密封内容
        </Button>
      </Popconfirm>
    </>
  );
}

interface ValuesProps extends Props {
  sealed: SealedCorrection;
  name: (code: string) => string;
  onFiled: () => void;
}

/** The right values, filed by the provider; they go into the body of one request and nowhere else. */
function ValuesForm({ view, sealed, name, onFiled }: ValuesProps) {
  const [form] = Form.useForm<Record<string, string>>();
  const faults = useFormFaults(form);
  const file = useFileValues(view.id);
  const { message } = App.useApp();
  const items = sealed.claims.map(({ item }) => item);
  const send = (values: Record<string, string>) => {
    faults.clear();
    file.mutate(valuesRequest(values), {
      onSuccess: () => {
        void message.success("已密封保存，办理“更正并反馈”时可以采用");
        onFiled();
      },
      onError: (error) => faults.show(error, { names: items }),
    });
  };
  return (
    <>
      <h3 className="small-title">填报正确的值</h3>
      <ProblemAlert error={faults.refusal?.problem} faults={faults.refusal?.above} />
      <Form form={form} layout="vertical" autoComplete="off" initialValues={firstValues(sealed)} onValuesChange={faults.mend} onFinish={send}>
        {items.map((item) => (
          <Form.Item key={item} name={item} label={name(item)}>
            <Input maxLength={500} autoComplete="off" />
          </Form.Item>
        ))}
        <Button type="primary" htmlType="submit" loading={file.isPending}>
          密封保存
        </Button>
      </Form>
    </>
  );
}

function Correction({ view, context }: Props) {
  const me = useMe().data;
  const reveal = useRevealCorrection(view.id);
  const [filed, setFiled] = useState(false);
  const sealed = reveal.data;
  const name = (code: string) => context.items.find((item) => item.code === code)?.name ?? code;
  if (!sealed) {
    return <Door clause="CN-37.1" what="记录标识和数据值" pending={reveal.isPending} error={reveal.error} onOpen={() => reveal.mutate()} />;
  }
  const columns: TableColumnsType<Claim> = [
    { title: "数据项", key: "item", render: (_, claim) => name(claim.item) },
    { title: "收到的值", key: "found", render: (_, claim) => valueWords(claim.found) },
    { title: "需求部门认为正确的值", key: "right", render: (_, claim) => valueWords(claim.right) },
    ...(sealed.filed
      ? [{ title: "提供部门填报的值", key: "filed", render: (_: unknown, claim: Claim) => valueWords(sealed.filed?.[claim.item]) }]
      : []),
  ];
  return (
    <>
      <dl className="act-fields">
        {Object.entries(sealed.key).map(([code, value]) => (
          <div key={code} style={{ display: "contents" }}>
            <dt>{name(code)}</dt>
            <dd>{valueWords(value)}</dd>
          </div>
        ))}
      </dl>
      <Table<Claim>
        className="gap-above"
        rowKey="item"
        columns={columns}
        dataSource={sealed.claims}
        size="small"
        pagination={false}
        scroll={{ x: "max-content" }}
      />
      {me && mayFileValues(view, me) && !filed && (
        <ValuesForm view={view} context={context} sealed={sealed} name={name} onFiled={() => setFiled(true)} />
      )}
      {filed && <Alert className="gap-above" type="success" showIcon message="正确的值已密封保存。" />}
      <Button
        className="gap-above"
        icon={<EyeInvisibleOutlined />}
        onClick={() => {
          setFiled(false);
          reveal.reset();
        }}
      >
        收起
      </Button>
    </>
  );
}

function Complaint({ view }: { view: CaseView }) {
  const read = useReadComplaint(view.id);
  const told = read.data;
  if (!told) {
    return <Door clause="CN-37.1" what="投诉举报的内容和联系方式" pending={read.isPending} error={read.error} onOpen={() => read.mutate()} />;
  }
  return (
    <>
      <dl className="act-fields">
        <dt>姓名或者名称</dt>
        <dd>{told.name || "（未留）"}</dd>
        <dt>联系方式</dt>
        <dd>{told.contact || "（未留）"}</dd>
      </dl>
      <p className="told gap-above">{told.text}</p>
      <Button className="gap-above" icon={<EyeInvisibleOutlined />} onClick={() => read.reset()}>
        收起
      </Button>
    </>
  );
}

/** What of a case is sealed, for those who handle it. */
export function SealedPart({ view, context }: Props) {
  const me = useMe().data;
  if (!me || !mayReveal(view, me)) return null;
  return (
    <Card size="small" title="密封内容" className="panel">
      {sealedKind(view.procedure) === "complaint" ? <Complaint view={view} /> : <Correction view={view} context={context} />}
    </Card>
  );
}
