import { DatePicker, Form, Input, Modal, Select } from "antd";
import type { Dayjs } from "dayjs";
import { useState } from "react";
import type { Grant, UsageInput, UsageRecord } from "../../api/types";
import { useFileUsage } from "../../hooks/useUsage";
import { useFormFaults } from "../../hooks/useFormFaults";
import { useWords } from "../../hooks/useVocabulary";
import { mediums, options } from "../../words/labels";
import { problemOf } from "../../api/problem";
import { ClauseTag } from "../ClauseTag";
import { ProblemAlert } from "../ProblemAlert";

interface Values extends Omit<UsageInput, "from" | "to"> {
  period?: [Dayjs, Dayjs];
}

const texts = [
  { name: "scenario", label: "使用场景" },
  { name: "process", label: "使用过程" },
  { name: "effect", label: "应用成效" },
  { name: "content", label: "数据内容（数据项和范围，不写具体数据）" },
  { name: "storage", label: "存储情况" },
  { name: "destruction", label: "销毁情况" },
] as const;

const names = [...texts.map(({ name }) => name), "period", "user", "approver", "way", "medium", "corrects"];

interface Props {
  grant: Grant;
  /** The record that this one corrects. */
  corrects?: UsageRecord;
  onClose: () => void;
}

/** Files how data under a grant were used (CN-29.2, XN-18). */
export function UsageForm({ grant, corrects, onClose }: Props) {
  const methods = useWords("method");
  const [form] = Form.useForm<Values>();
  const faults = useFormFaults(form);
  const file = useFileUsage(grant.id);
  const [open, setOpen] = useState(true);
  const send = ({ period, ...rest }: Values) => {
    if (!period) return;
    faults.clear();
    file.mutate(
      { ...rest, corrects: corrects?.id, from: period[0].toISOString(), to: period[1].toISOString() },
      {
        onSuccess: () => setOpen(false),
        onError: (error) =>
          faults.show(
            problemOf(error).renamed((field) => field.replace(/^(body\.)?(from|to)$/, "period")),
            { names },
          ),
      },
    );
  };
  return (
    <Modal
      open={open}
      title={
        <>
          {corrects ? "更正使用记录" : "填报使用记录"} <ClauseTag clause="CN-29.2" />
        </>
      }
      width={760}
      okText="填报"
      confirmLoading={file.isPending}
      maskClosable={false}
      onOk={() => form.submit()}
      onCancel={() => setOpen(false)}
      afterClose={onClose}
    >
      <p className="quiet">
        保存不少于三年，不能修改或者删除；填错的另报一条更正。人员只填账号，不得写姓名等个人信息。
      </p>
      <ProblemAlert error={faults.refusal?.problem} faults={faults.refusal?.above} />
      <Form<Values>
        form={form}
        layout="vertical"
        scrollToFirstError
        initialValues={{ way: grant.method, medium: "online", scenario: grant.scenario, ...copied(corrects) }}
        onValuesChange={faults.mend}
        onFinish={send}
      >
        <Form.Item name="period" label="使用起止时间" rules={[{ required: true, message: "请填写使用起止时间" }]}>
          <DatePicker.RangePicker showTime={{ format: "HH:mm" }} format="YYYY-MM-DD HH:mm" className="wide" />
        </Form.Item>
        {texts.map(({ name, label }) => (
          <Form.Item key={name} name={name} label={label} rules={[{ required: true, whitespace: true, message: `请填写${label}` }]}>
            <Input.TextArea autoSize={{ minRows: 1, maxRows: 6 }} />
          </Form.Item>
        ))}
        <div className="form-grid">
          <Form.Item name="user" label="使用人员账号" rules={[{ required: true, whitespace: true, message: "请填写使用人员账号" }]}>
            <Input maxLength={100} />
          </Form.Item>
          <Form.Item name="approver" label="批准人员账号" rules={[{ required: true, whitespace: true, message: "请填写批准人员账号" }]}>
            <Input maxLength={100} />
          </Form.Item>
          <Form.Item name="way" label="获取方式" rules={[{ required: true, message: "请选择获取方式" }]}>
            <Select options={options(methods)} />
          </Form.Item>
          <Form.Item name="medium" label="介质类型" rules={[{ required: true, message: "请选择介质类型" }]}>
            <Select options={options(mediums)} />
          </Form.Item>
        </div>
      </Form>
    </Modal>
  );
}

/** What a correction starts from: the record it corrects, without its time. */
function copied(record: UsageRecord | undefined): Partial<Values> {
  if (!record) return {};
  const { scenario, process, effect, content, storage, destruction, user, approver, way, medium } = record;
  return { scenario, process, effect, content, storage, destruction, user, approver, way, medium };
}
