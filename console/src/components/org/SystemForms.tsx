import { DatePicker, Form, Input, Modal, Select } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { useState, type ReactNode } from "react";
import type { System } from "../../api/types";
import { useFormFaults } from "../../hooks/useFormFaults";
import { useAddCertificate, useCreateSystem, useFileMLPS } from "../../hooks/useOrg";
import { ClauseTag } from "../ClauseTag";
import { ProblemAlert } from "../ProblemAlert";

interface DialogProps<T extends object> {
  title: ReactNode;
  okText: string;
  names: readonly string[];
  initial?: Partial<T>;
  send: (values: T) => Promise<unknown>;
  onClose: () => void;
  children: ReactNode;
}

/** A form in a dialog, with every fault beside its field. */
function Dialog<T extends object>({ title, okText, names, initial, send, onClose, children }: DialogProps<T>) {
  const [form] = Form.useForm<T>();
  const faults = useFormFaults(form);
  const [open, setOpen] = useState(true);
  const [sending, setSending] = useState(false);
  const submit = async (values: T) => {
    faults.clear();
    setSending(true);
    try {
      await send(values);
      setOpen(false);
    } catch (error) {
      faults.show(error, { names });
    } finally {
      setSending(false);
    }
  };
  return (
    <Modal
      open={open}
      title={title}
      okText={okText}
      confirmLoading={sending}
      maskClosable={false}
      onOk={() => form.submit()}
      onCancel={() => setOpen(false)}
      afterClose={onClose}
    >
      <ProblemAlert error={faults.refusal?.problem} faults={faults.refusal?.above} />
      <Form<T>
        form={form}
        layout="vertical"
        // A partial of the values: what is not given is blank.
        initialValues={initial}
        onValuesChange={faults.mend}
        onFinish={(values) => void submit(values)}
      >
        {children}
      </Form>
    </Modal>
  );
}

/** Registers a system of the own department. */
export function NewSystemDialog({ onClose }: { onClose: () => void }) {
  const create = useCreateSystem();
  return (
    <Dialog<{ name: string }>
      title="登记信息系统"
      okText="登记"
      names={["name"]}
      send={(values) => create.mutateAsync(values)}
      onClose={onClose}
    >
      <Form.Item name="name" label="系统名称" rules={[{ required: true, whitespace: true, message: "请填写系统名称" }]}>
        <Input maxLength={100} />
      </Form.Item>
    </Dialog>
  );
}

interface MLPSValues {
  level: number;
  report_no: string;
  assessed_by: string;
  valid_until: Dayjs;
}

/** Files a system's classified-protection assessment. */
export function MLPSDialog({ system, onClose }: { system: System; onClose: () => void }) {
  const file = useFileMLPS(system.id);
  const filed = system.mlps;
  return (
    <Dialog<MLPSValues>
      title={
        <>
          等保测评备案：{system.name} <ClauseTag clause="XN-21" />
        </>
      }
      okText="备案"
      names={["level", "report_no", "assessed_by", "valid_until"]}
      initial={filed ? { ...filed, valid_until: dayjs(filed.valid_until) } : { level: 3 }}
      // Valid through the last day named, in Beijing time wherever the reader's machine is.
      send={({ valid_until, ...rest }) =>
        file.mutateAsync({ ...rest, valid_until: `${valid_until.format("YYYY-MM-DD")}T23:59:59+08:00` })
      }
      onClose={onClose}
    >
      <Form.Item name="level" label="等级" rules={[{ required: true, message: "请选择等级" }]}>
        <Select options={[2, 3, 4, 5].map((level) => ({ value: level, label: `第${"一二三四五"[level - 1] ?? ""}级` }))} />
      </Form.Item>
      <Form.Item name="report_no" label="测评报告编号" rules={[{ required: true, whitespace: true, message: "请填写测评报告编号" }]}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="assessed_by" label="测评机构" rules={[{ required: true, whitespace: true, message: "请填写测评机构" }]}>
        <Input maxLength={100} />
      </Form.Item>
      <Form.Item name="valid_until" label="有效期至" rules={[{ required: true, message: "请填写有效期" }]}>
        <DatePicker className="wide" />
      </Form.Item>
    </Dialog>
  );
}

/** The first PEM file that was chosen, into the form; a private key is refused before it leaves the machine. */
function PEMInput({ value, onChange, id }: { value?: string; onChange?: (value: string) => void; id?: string }) {
  return (
    <>
      <input
        type="file"
        accept=".pem,.crt,.cer"
        aria-label="选择 PEM 证书文件"
        onChange={(event) => void event.target.files?.[0]?.text().then((text) => onChange?.(text))}
      />
      <Input.TextArea
        id={id}
        className="mono gap-above"
        autoSize={{ minRows: 5, maxRows: 12 }}
        maxLength={16384}
        placeholder="-----BEGIN CERTIFICATE-----"
        value={value}
        onChange={(event) => onChange?.(event.target.value)}
      />
    </>
  );
}

/** Registers a certificate of a system. */
export function CertificateDialog({ system, onClose }: { system: System; onClose: () => void }) {
  const add = useAddCertificate(system.id);
  return (
    <Dialog<{ pem: string }>
      title={`登记证书：${system.name}`}
      okText="登记"
      names={["pem"]}
      send={({ pem }) => add.mutateAsync(pem)}
      onClose={onClose}
    >
      <Form.Item
        name="pem"
        label="PEM 证书（平台只登记公钥，请勿上传私钥）"
        rules={[
          { required: true, whitespace: true, message: "请选择或者粘贴证书" },
          {
            validator: async (_, value) => {
              if (typeof value === "string" && value.includes("PRIVATE KEY")) throw new Error("其中含有私钥：请只上传证书");
            },
          },
        ]}
      >
        <PEMInput />
      </Form.Item>
    </Dialog>
  );
}
