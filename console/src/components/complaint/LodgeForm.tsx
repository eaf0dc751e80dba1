import { Button, Form, Input, Select } from "antd";
import type { Lodged } from "../../api/types";
import { useLodge } from "../../hooks/useComplaints";
import { useFormFaults } from "../../hooks/useFormFaults";
import { complaintKinds, options } from "../../words/labels";
import { ProblemAlert } from "../ProblemAlert";
import { lodging, type LodgeValues } from "./lodging";
import { PublicDepartment } from "./PublicDepartment";

const names = ["about", "handler", "kind", "text", "name", "contact"];

/** A complaint of the public (CN-37). */
export function LodgeForm({ onLodged }: { onLodged: (lodged: Lodged) => void }) {
  const [form] = Form.useForm<LodgeValues>();
  const faults = useFormFaults(form);
  const lodge = useLodge();
  const submit = (values: LodgeValues) => {
    faults.clear();
    lodge.mutate(lodging(values), { onSuccess: onLodged, onError: (error) => faults.show(error, { names }) });
  };
  return (
    <>
      <ProblemAlert error={faults.refusal?.problem} faults={faults.refusal?.above} />
      <Form<LodgeValues> form={form} layout="vertical" onFinish={submit} onValuesChange={faults.mend} scrollToFirstError>
        <Form.Item name="about" label="被反映的部门" extra="由其主管部门处理；不清楚的，请在下面选择处理的部门。">
          <PublicDepartment />
        </Form.Item>
        <Form.Item name="handler" label="处理的部门（可不选）">
          <PublicDepartment />
        </Form.Item>
        <Form.Item name="kind" label="反映的问题" rules={[{ required: true, message: "请选择反映的问题" }]}>
          <Select placeholder="请选择" options={options(complaintKinds)} />
        </Form.Item>
        <Form.Item
          name="text"
          label="投诉举报内容"
          extra="内容密封保存，只有承办部门的经办人和负责人可以查看。"
          rules={[{ required: true, whitespace: true, message: "请填写投诉举报内容" }]}
        >
          <Input.TextArea autoSize={{ minRows: 5, maxRows: 16 }} maxLength={5000} />
        </Form.Item>
        <Form.Item name="name" label="姓名或者名称（可不填）">
          <Input maxLength={100} autoComplete="name" />
        </Form.Item>
        <Form.Item name="contact" label="联系方式（可不填）" extra="不留联系方式的，凭编号和查询码查询办理情况。">
          <Input maxLength={100} autoComplete="tel" />
        </Form.Item>
        <Button type="primary" htmlType="submit" size="large" block loading={lodge.isPending}>
          提交
        </Button>
      </Form>
    </>
  );
}
