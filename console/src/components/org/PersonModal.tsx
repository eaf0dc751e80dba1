import { Checkbox, Form, Input, Modal, Select } from "antd";
import { useState } from "react";
import type { Person } from "../../api/types";
import { useFormFaults } from "../../hooks/useFormFaults";
import { useCreatePerson, useEditPerson } from "../../hooks/useOrg";
import { options, roles } from "../../words/labels";
import { ProblemAlert } from "../ProblemAlert";

interface Values {
  name: string;
  username?: string;
  password?: string;
  roles: (keyof typeof roles & Role)[];
  disabled?: boolean;
}

type Role = "clerk" | "office_head" | "department_head" | "supervisor" | "engineer" | "auditor" | "admin";

interface Props {
  department: string;
  /** Whose account is changed; without: a new one. */
  person?: Person;
  onClose: () => void;
}

/** Opens or changes an account. */
export function PersonModal({ department, person, onClose }: Props) {
  const [form] = Form.useForm<Values>();
  const faults = useFormFaults(form);
  const create = useCreatePerson(department);
  const edit = useEditPerson(person?.id ?? "");
  const [open, setOpen] = useState(true);
  const send = (values: Values) => {
    faults.clear();
    const done = {
      onSuccess: () => setOpen(false),
      onError: (error: unknown) => faults.show(error, { names: ["name", "username", "password", "roles", "disabled"] }),
    };
    if (person) {
      edit.mutate({ name: values.name, roles: values.roles, disabled: values.disabled ?? false, version: person.version }, done);
    } else {
      create.mutate(
        { name: values.name, username: values.username ?? "", password: values.password ?? "", roles: values.roles },
        done,
      );
    }
  };
  return (
    <Modal
      open={open}
      title={person ? `修改账号：${person.username}` : "开设账号"}
      okText={person ? "保存" : "开设"}
      confirmLoading={create.isPending || edit.isPending}
      maskClosable={false}
      onOk={() => form.submit()}
      onCancel={() => setOpen(false)}
      afterClose={onClose}
    >
      <ProblemAlert error={faults.refusal?.problem} faults={faults.refusal?.above} />
      <Form<Values>
        form={form}
        layout="vertical"
        autoComplete="off"
        initialValues={person ? { name: person.name, roles: person.roles, disabled: person.disabled } : { roles: [] }}
        onValuesChange={faults.mend}
        onFinish={send}
      >
        <Form.Item name="name" label="姓名" rules={[{ required: true, whitespace: true, message: "请填写姓名" }]}>
          <Input maxLength={50} />
        </Form.Item>
        {!person && (
          <>
            <Form.Item
              name="username"
              label="用户名"
              extra="小写字母开头，2 至 32 个小写字母、数字和 . _ -；不用证件号码和手机号。"
              rules={[{ required: true, message: "请填写用户名" }]}
            >
              <Input maxLength={32} />
            </Form.Item>
            <Form.Item
              name="password"
              label="初始口令"
              extra="请当面告知本人，本人首次登录后在“我的账户”中更换。"
              rules={[{ required: true, message: "请填写初始口令" }]}
            >
              <Input.Password autoComplete="new-password" maxLength={256} />
            </Form.Item>
          </>
        )}
        <Form.Item name="roles" label="角色" rules={[{ required: true, type: "array", min: 1, message: "请选择角色" }]}>
          <Select mode="multiple" optionFilterProp="label" placeholder="请选择" options={options(roles)} />
        </Form.Item>
        {person && (
          <Form.Item name="disabled" valuePropName="checked">
            <Checkbox>停用此账号（本人的登录立即失效）</Checkbox>
          </Form.Item>
        )}
      </Form>
    </Modal>
  );
}
