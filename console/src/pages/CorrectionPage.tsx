import { Alert, Button, Card, Form, Input, Radio, Select } from "antd";
import { Link, useNavigate, useSearchParams } from "react-router";
import type { ReportCorrection, Start } from "../api/types";
import { ClauseTag } from "../components/ClauseTag";
import { KeyRows } from "../components/correction/KeyRows";
import { reportOf, type ReportForm } from "../components/correction/report";
import { SourceNote } from "../components/correction/SourceNote";
import { EvidenceInput } from "../components/form/EvidenceInput";
import { RecordPicker } from "../components/form/RecordPicker";
import { noContext } from "../components/form/context";
import { PageTitle } from "../components/PageTitle";
import { ProblemAlert } from "../components/ProblemAlert";
import { Waiting } from "../components/Waiting";
import { useReportCorrection } from "../hooks/useCorrections";
import { useResourceContext } from "../hooks/useFormContext";
import { useFormFaults } from "../hooks/useFormFaults";
import { useGrant } from "../hooks/useGrants";
import { useStarts } from "../hooks/useStarts";
import { correctionKinds, options } from "../words/labels";

const names = ["procedure", "grant", "source", "kind", "key", "claims", "problem", "evidence"];

function Report({ doors }: { doors: Start[] }) {
  const [search] = useSearchParams();
  const navigate = useNavigate();
  const [form] = Form.useForm<ReportForm>();
  const faults = useFormFaults(form);
  const report = useReportCorrection();
  const chosen = Form.useWatch("grant", form);
  const source = Form.useWatch("source", form);
  const grant = useGrant(chosen ?? "", Boolean(chosen)).data;
  const context = useResourceContext(grant?.resource);
  const granted = context.items.filter(({ code }) => grant?.items.includes(code));

  const send = (values: ReportForm) => {
    faults.clear();
    report.mutate(reportOf(values), {
      onSuccess: (view) => void navigate(`/cases/${view.id}`),
      onError: (error) => faults.show(error, { names, lists: ["claims"] }),
    });
  };

  return (
    <div className="form-narrow">
      <PageTitle
        title="报告数据有误"
        note="记录标识和数据值密封保存，只有校核双方可以查看，查看即留痕；其余内容进入办件，不得写个人信息。"
      />
      <ProblemAlert error={faults.refusal?.problem} faults={faults.refusal?.above} />
      <Card>
        <Form<ReportForm>
          form={form}
          layout="vertical"
          scrollToFirstError
          initialValues={{
            procedure: doors[0]?.procedure as ReportCorrection["procedure"],
            grant: search.get("grant") ?? undefined,
            source: search.get("source") ?? undefined,
            kind: "wrong",
            key: [{}],
            claims: [{}],
          }}
          onValuesChange={faults.mend}
          onFinish={send}
        >
          <Form.Item name="procedure" label="提出的途径" hidden={doors.length < 2}>
            <Radio.Group
              options={doors.map((door) => ({
                value: door.procedure,
                label: (
                  <>
                    {door.action.name} <ClauseTag clause={door.clause} article={door.article} />
                  </>
                ),
              }))}
            />
          </Form.Item>
          <Form.Item
            name="grant"
            label={
              <span>
                取得数据所依据的授权 <ClauseTag clause="CN-26.2" />
              </span>
            }
            rules={[{ required: true, message: "请选择授权" }]}
          >
            <RecordPicker field={{ id: "grant", name: "授权", type: "id", required: true, record: "grant" }} context={noContext} />
          </Form.Item>
          <Form.Item
            name="source"
            label="调用或者批次的存证编号"
            extra={<SourceNote id={source} />}
            rules={[{ required: true, whitespace: true, message: "请填写存证编号，见调用应答或者本系统的日志" }]}
          >
            <Input className="mono" maxLength={64} />
          </Form.Item>
          <Form.Item name="kind" label="问题类别" rules={[{ required: true, message: "请选择问题类别" }]}>
            <Select options={options(correctionKinds)} />
          </Form.Item>
          <KeyRows form={form} name="key" label="指明是哪条记录" items={context.items} note="数据项和值，如证件号码；密封保存。" />
          <KeyRows form={form} name="claims" label="有问题的数据项" items={granted} note="写明收到的值或者正确的值；密封保存。" />
          <Form.Item
            name="problem"
            label="问题说明（不得写个人信息）"
            rules={[{ required: true, whitespace: true, message: "请填写问题说明" }]}
          >
            <Input.TextArea autoSize={{ minRows: 2, maxRows: 8 }} maxLength={1000} showCount />
          </Form.Item>
          <Form.Item name="evidence" label="佐证材料">
            <EvidenceInput />
          </Form.Item>
        </Form>
        <Button type="primary" loading={report.isPending} onClick={() => form.submit()}>
          提出校核申请
        </Button>
      </Card>
    </div>
  );
}

/** Reports wrong data that came under a grant (CN-26.2, HB-16.2). */
export function CorrectionPage() {
  return (
    <Waiting query={useStarts()}>
      {(starts) => {
        const doors = starts.filter(({ subject }) => subject === "sealed");
        return doors.length > 0 ? (
          <Report doors={doors} />
        ) : (
          <Alert
            type="info"
            showIcon
            message="校核申请由需求部门的经办人或者共享工作机构负责人提出。"
            action={<Link to="/start">查看可以发起的事项</Link>}
          />
        );
      }}
    </Waiting>
  );
}
