import { Form, Input, InputNumber, Modal, Select } from "antd";
import { useNavigate } from "react-router";
import type { NewReverseSource } from "../../api/types";
import { useFormFaults } from "../../hooks/useFormFaults";
import { useRegisterSource } from "../../hooks/useReverse";
import { options } from "../../words/labels";
import { engines } from "../../words/reverse";
import { ProblemAlert } from "../ProblemAlert";

const names = ["name", "engine", "host", "port", "database", "user", "password", "tls", "file", "schemas"];

/** Registers a database. What is typed here is sealed by the server and shown to nobody again. */
export function SourceForm({ onClose }: { onClose: () => void }) {
  const [form] = Form.useForm<NewReverseSource>();
  const faults = useFormFaults(form);
  const register = useRegisterSource();
  const navigate = useNavigate();
  const engine = Form.useWatch("engine", form);
  const send = (body: NewReverseSource) => {
    faults.clear();
    register.mutate(body, {
      onSuccess: (source) => void navigate(`/reverse/${source.id}`),
      onError: (error) => {
        // A password is not left standing in a form that was refused.
        form.setFieldValue("password", undefined);
        faults.show(error, { names });
      },
    });
  };
  return (
    <Modal
      open
      title="登记数据源"
      okText="登记"
      confirmLoading={register.isPending}
      onOk={() => form.submit()}
      onCancel={onClose}
      destroyOnHidden
    >
      <Form<NewReverseSource>
        form={form}
        layout="vertical"
        autoComplete="off"
        initialValues={{ engine: "postgres", tls: "verify" }}
        onValuesChange={faults.mend}
        onFinish={send}
      >
        <ProblemAlert error={faults.refusal?.problem} faults={faults.refusal?.above} />
        <Form.Item name="name" label="名称" extra="不写地址" rules={[{ required: true, message: "请填写名称" }]}>
          <Input maxLength={200} placeholder="如 社会组织登记库" />
        </Form.Item>
        <Form.Item name="engine" label="数据库类型" rules={[{ required: true }]}>
          <Select options={options(engines)} />
        </Form.Item>
        {engine === "sqlite" ? (
          <Form.Item name="file" label="文件" extra="在节点指定目录下的相对路径">
            <Input className="mono" maxLength={1000} placeholder="registry.sqlite" />
          </Form.Item>
        ) : (
          <>
            <div className="form-grid">
              <Form.Item name="host" label="主机" extra="须在本节点核准的网段内">
                <Input className="mono" maxLength={253} />
              </Form.Item>
              <Form.Item name="port" label="端口">
                <InputNumber className="wide" min={1} max={65535} precision={0} placeholder={engine === "mysql" ? "3306" : "5432"} />
              </Form.Item>
            </div>
            <Form.Item name="database" label="数据库">
              <Input className="mono" maxLength={256} />
            </Form.Item>
            <div className="form-grid">
              <Form.Item name="user" label="用户名" extra="宜为只读账号">
                <Input className="mono" maxLength={256} autoComplete="off" />
              </Form.Item>
              <Form.Item name="password" label="口令" extra="加密保存，不再显示">
                <Input.Password maxLength={256} autoComplete="new-password" visibilityToggle={false} />
              </Form.Item>
            </div>
            <Form.Item name="tls" label="加密">
              <Select
                options={[
                  { value: "verify", label: "加密并验证证书" },
                  { value: "require", label: "只加密，不验证证书" },
                  { value: "disable", label: "不加密" },
                ]}
              />
            </Form.Item>
            {engine === "postgres" && (
              <Form.Item name="schemas" label="模式" extra="不填则读取全部非系统模式">
                <Select mode="tags" open={false} suffixIcon={null} placeholder="输入一个后按回车" />
              </Form.Item>
            )}
          </>
        )}
      </Form>
    </Modal>
  );
}
