import { Button, Card, Form, Input } from "antd";
import { useChangePassword } from "../../hooks/useAccount";
import { useFormFaults } from "../../hooks/useFormFaults";
import { problemOf } from "../../api/problem";
import { ProblemAlert } from "../ProblemAlert";

interface Passwords {
  old: string;
  fresh: string;
  again: string;
}

/** What the server calls the new password, as the form calls it. */
const field = (name: string) => (/^(body\.)?(new|password)$/.test(name) ? "fresh" : name);

/** Replaces the own password. */
export function PasswordCard() {
  const [form] = Form.useForm<Passwords>();
  const faults = useFormFaults(form);
  const change = useChangePassword();
  const send = ({ old, fresh }: Passwords) => {
    faults.clear();
    change.mutate(
      { old, new: fresh },
      {
        onError: (error) => {
          const problem = problemOf(error);
          if (problem.code === "sign_in_failed") {
            form.setFields([{ name: "old", errors: ["现口令不正确"] }]);
            return;
          }
          faults.show(problem.renamed(field), { names: ["old", "fresh"] });
        },
      },
    );
  };
  return (
    <Card size="small" title="更换口令" className="panel">
      <p className="quiet">更换后本人的全部登录失效，须用新口令重新登录。</p>
      <ProblemAlert error={faults.refusal?.problem} faults={faults.refusal?.above} />
      <Form<Passwords> form={form} layout="vertical" requiredMark={false} onValuesChange={faults.mend} onFinish={send}>
        <Form.Item name="old" label="现口令" rules={[{ required: true, message: "请填写现口令" }]}>
          <Input.Password autoComplete="current-password" maxLength={256} />
        </Form.Item>
        <Form.Item name="fresh" label="新口令" rules={[{ required: true, message: "请填写新口令" }]}>
          <Input.Password autoComplete="new-password" maxLength={256} />
        </Form.Item>
        <Form.Item
          name="again"
          label="再填一次新口令"
          dependencies={["fresh"]}
          rules={[
            { required: true, message: "请再填一次新口令" },
            ({ getFieldValue }) => ({
              validator: async (_, value) => {
                if (value && value !== getFieldValue("fresh")) throw new Error("两次填写的新口令不一致");
              },
            }),
          ]}
        >
          <Input.Password autoComplete="new-password" maxLength={256} />
        </Form.Item>
        <Button type="primary" htmlType="submit" loading={change.isPending}>
          更换口令
        </Button>
      </Form>
    </Card>
  );
}
