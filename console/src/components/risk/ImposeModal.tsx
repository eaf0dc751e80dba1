import { Alert, App, Form, Input, Modal, Select } from "antd";
import { useState } from "react";
import type { ImposeCutoff, Me } from "../../api/types";
import { useFormFaults } from "../../hooks/useFormFaults";
import { useImposeCutoff } from "../../hooks/useMonitor";
import { useSystems } from "../../hooks/useNames";
import { cutoffTargets, durations, phraseFor } from "../../words/monitor";
import { ClauseTag } from "../ClauseTag";
import { noContext } from "../form/context";
import type { FormContext, RecordKind } from "../form/model";
import { RecordPicker } from "../form/RecordPicker";
import { ProblemAlert } from "../ProblemAlert";

type Target = ImposeCutoff["target"];

interface Values {
  target: Target;
  owner?: string;
  target_id?: string;
  minutes: number;
  reason?: string;
  typed?: string;
}

interface Props {
  me: Me;
  targets: Target[];
  /** What the page that led here wants stopped. */
  asked: string | null;
  askedID: string | undefined;
  onClose: () => void;
}

const names = ["target", "target_id", "minutes", "reason"];

/** What is picked for each kind of target. */
function recordOf(target: Target, territory: boolean): RecordKind | undefined {
  switch (target) {
    case "system":
      return "system";
    case "consumer":
    case "provider":
      return "department";
    case "resource":
      return territory ? "resource" : "own_resource";
    case "grant":
      return "grant";
    case "all":
      return undefined;
  }
}

/** Words that say what will happen. */
const effects: Readonly<Record<Target, string>> = {
  all: "本平台的全部调用立即被拒绝，不分部门。",
  provider: "所选部门提供的全部数据立即不能调用。",
  consumer: "所选部门的全部系统立即不能调用任何数据。",
  system: "所选系统立即不能调用任何数据，也不能取得访问令牌。",
  resource: "所选目录条目立即不能调用，已有授权也不例外。",
  grant: "所选授权立即不能调用。",
};

/** Stops something at once. The stop has to be typed in words as well: it hits real services. */
export function ImposeModal({ me, targets, asked, askedID, onClose }: Props) {
  const [form] = Form.useForm<Values>();
  const faults = useFormFaults(form);
  const impose = useImposeCutoff();
  const { message } = App.useApp();
  const [open, setOpen] = useState(true);
  const wanted = targets.find((one) => one === asked);
  const target = Form.useWatch("target", form) ?? wanted ?? targets[0] ?? "system";
  const territory = Boolean(me.territory) && me.roles.includes("supervisor");
  const own = me.department.id;
  const owner = Form.useWatch("owner", form) ?? own;
  const systems = useSystems(target === "system" ? owner : undefined).data?.items ?? [];
  const context: FormContext = { ...noContext, systems: systems.map(({ id, name }) => ({ id, name })) };
  const record = recordOf(target, territory);
  // A department without a territory can stop nobody but itself.
  const itself = record === "department" && !territory;
  const phrase = phraseFor(target);

  const send = (values: Values) => {
    faults.clear();
    impose.mutate(
      {
        target: values.target,
        target_id: values.target === "all" ? undefined : itself ? own : values.target_id,
        minutes: values.minutes,
        reason: values.reason ?? "",
      },
      {
        onSuccess: () => {
          void message.success("已停止，各副本一秒之内生效");
          setOpen(false);
        },
        onError: (error) => faults.show(error, { names }),
      },
    );
  };

  return (
    <Modal
      open={open}
      title={
        <>
          紧急停止 <ClauseTag clause="CN-35" />
        </>
      }
      okText="立即停止"
      okButtonProps={{ danger: true }}
      confirmLoading={impose.isPending}
      maskClosable={false}
      width={640}
      onOk={() => form.submit()}
      onCancel={() => setOpen(false)}
      afterClose={onClose}
    >
      <ProblemAlert error={faults.refusal?.problem} faults={faults.refusal?.above} />
      <Form<Values>
        form={form}
        layout="vertical"
        scrollToFirstError
        initialValues={{ target: wanted ?? targets[0], target_id: wanted ? askedID : undefined, minutes: 0 }}
        onValuesChange={(changed: Partial<Values>) => {
          if ("target" in changed || "owner" in changed) form.setFieldValue("target_id", undefined);
          if ("target" in changed) form.setFieldValue("typed", undefined);
          faults.mend(changed);
        }}
        onFinish={send}
      >
        <Form.Item name="target" label="停止什么" rules={[{ required: true, message: "请选择停止什么" }]}>
          <Select options={targets.map((value) => ({ value, label: cutoffTargets[value] }))} />
        </Form.Item>
        {target === "system" && territory && (
          <Form.Item name="owner" label="系统所属部门" initialValue={own}>
            <RecordPicker
              field={{ id: "owner", name: "部门", type: "id", required: true, record: "department" }}
              context={{ ...noContext, names: { [own]: me.department.name } }}
            />
          </Form.Item>
        )}
        {record && !itself && (
          <Form.Item
            name="target_id"
            label={cutoffTargets[target]}
            rules={[{ required: true, message: `请选择${cutoffTargets[target]}` }]}
          >
            <RecordPicker
              key={`${target}/${owner}`}
              field={{ id: "target_id", name: cutoffTargets[target], type: "id", required: true, record }}
              context={context}
            />
          </Form.Item>
        )}
        {itself && <p>{cutoffTargets[target]}：{me.department.name}（本部门）</p>}
        <Form.Item name="minutes" label="持续多久" rules={[{ required: true, message: "请选择持续多久" }]}>
          <Select options={[...durations]} />
        </Form.Item>
        <Form.Item
          name="reason"
          label="理由（不得写个人信息）"
          rules={[{ required: true, whitespace: true, message: "请填写理由" }]}
        >
          <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={500} showCount />
        </Form.Item>
        <Alert className="gap-below" type="warning" showIcon message={effects[target]} description="办理行为写入存证，并通知有关部门。" />
        <Form.Item
          name="typed"
          label={
            <>
              再次确认：请输入“<strong>{phrase}</strong>”
            </>
          }
          rules={[
            {
              validator: async (_, value: unknown) => {
                if (typeof value !== "string" || value.trim() !== phrase) throw new Error(`请原样输入“${phrase}”`);
              },
            },
          ]}
        >
          <Input autoComplete="off" maxLength={20} placeholder={phrase} />
        </Form.Item>
      </Form>
    </Modal>
  );
}
