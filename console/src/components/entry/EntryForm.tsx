import { Button, Card, Checkbox, Form, Input, InputNumber, Select } from "antd";
import { useEffect } from "react";
import type { Entry } from "../../api/types";
import { useFormFaults } from "../../hooks/useFormFaults";
import { attributes, collections, formats, frequencies, levels, methods, openAttributes, options } from "../../words/labels";
import { ClauseTag } from "../ClauseTag";
import { ProblemAlert } from "../ProblemAlert";
import { ItemsEditor } from "./ItemsEditor";
import { tidyEntry } from "./tidy";

interface Props {
  initial?: Entry;
  saving: boolean;
  error: unknown;
  onSave: (entry: Entry) => void;
}

const names = [
  "name", "class_code", "abstract", "format", "frequency", "attribute", "methods", "use_conditions",
  "scope_of_use", "purposes", "legal_basis", "withheld_reason", "level", "personal_info", "collection",
  "upstream", "source_system", "duty_basis", "contact", "open_attribute", "items",
];
const shape = { names, lists: ["items"] };

const needed = (label: string, clause: string) => (
  <span>
    {label} <ClauseTag clause={clause} />
  </span>
);

/**
 * Form of a catalog entry. A draft may be incomplete, so that only the
 * name and the class code, of which the resource's code is made, are asked for
 * here; the server tells at submission everything that is missing.
 */
export function EntryForm({ initial, saving, error, onSave }: Props) {
  const [form] = Form.useForm<Entry>();
  const faults = useFormFaults(form);
  const { show, clear, mend } = faults;
  const attribute = Form.useWatch("attribute", form);
  const collection = Form.useWatch("collection", form);

  useEffect(() => {
    if (error) show(error, shape);
    else clear();
  }, [error, show, clear]);

  return (
    <Form<Entry>
      form={form}
      layout="vertical"
      initialValues={initial ?? { items: [{ code: "" }] }}
      scrollToFirstError
      onValuesChange={mend}
      onFinish={(entry) => onSave(tidyEntry(entry))}
    >
      <ProblemAlert error={faults.refusal?.problem} faults={faults.refusal?.above} />
      <Card className="panel" size="small" title="基本信息">
        <Form.Item name="name" label={needed("信息资源名称", "CN-13.2")} rules={[{ required: true, message: "请填写名称" }]}>
          <Input maxLength={50} showCount />
        </Form.Item>
        <Form.Item name="abstract" label="摘要">
          <Input.TextArea autoSize={{ minRows: 2 }} />
        </Form.Item>
        <div className="form-grid">
          <Form.Item
            name="class_code"
            label={needed("分类码", "CN-12")}
            extra="类 1 位、项 2 位、目 3 位及细目，全为数字"
            rules={[{ required: true, message: "请填写分类码" }]}
          >
            <Input inputMode="numeric" />
          </Form.Item>
          <Form.Item name="format" label={needed("数据格式", "CN-13.2")}>
            <Select allowClear options={formats.map((value) => ({ value, label: value }))} />
          </Form.Item>
          <Form.Item name="frequency" label={needed("更新周期", "CN-13.2")}>
            <Select allowClear options={options(frequencies)} />
          </Form.Item>
          <Form.Item name="level" label={needed("分类分级", "CN-13.2")}>
            <Select allowClear options={options(levels)} />
          </Form.Item>
          <Form.Item name="source_system" label="来源系统">
            <Input />
          </Form.Item>
          <Form.Item name="contact" label="联系方式（办公电话）">
            <Input />
          </Form.Item>
        </div>
        <Form.Item name="duty_basis" label="履职依据">
          <Input />
        </Form.Item>
        <Form.Item name="personal_info" valuePropName="checked">
          <Checkbox>数据项含个人信息</Checkbox>
        </Form.Item>
      </Card>
      <Card className="panel" size="small" title="共享">
        <div className="form-grid">
          <Form.Item name="attribute" label={needed("共享属性", "CN-14")}>
            <Select allowClear options={options(attributes)} />
          </Form.Item>
          <Form.Item name="methods" label={needed("共享方式", "CN-22")}>
            <Select mode="multiple" options={options(methods)} />
          </Form.Item>
          <Form.Item name="open_attribute" label="开放属性">
            <Select allowClear options={options(openAttributes)} />
          </Form.Item>
          <Form.Item name="collection" label={needed("归集方式", "HB-12")}>
            <Select allowClear options={options(collections)} />
          </Form.Item>
        </div>
        {collection === "linked_service" && (
          <div className="form-grid">
            <Form.Item name={["upstream", "url"]} label="服务地址" extra="随版本一并审核，网关不会去别处取数">
              <Input placeholder="https://host:8443/path" />
            </Form.Item>
            <Form.Item name={["upstream", "timeout_seconds"]} label="超时秒数">
              <InputNumber min={1} max={60} precision={0} className="wide" placeholder="10" />
            </Form.Item>
          </div>
        )}
        <Form.Item name="use_conditions" label={needed("使用条件", "CN-13.2")}>
          <Input.TextArea autoSize={{ minRows: 2 }} />
        </Form.Item>
        <Form.Item name="scope_of_use" label={needed("使用范围", "CN-13.2")}>
          <Input.TextArea autoSize={{ minRows: 2 }} />
        </Form.Item>
        {attribute !== "unconditional" && (
          <Form.Item name="legal_basis" label={needed("法律依据（名称与条款）", "CN-15.2")}>
            <Input.TextArea autoSize={{ minRows: 2 }} />
          </Form.Item>
        )}
        {attribute === "conditional" && (
          <Form.Item name="purposes" label={needed("使用用途", "CN-15.2")}>
            <Select mode="tags" open={false} suffixIcon={null} placeholder="输入一项后按回车" />
          </Form.Item>
        )}
        {attribute === "withheld" && (
          <Form.Item name="withheld_reason" label={needed("不予共享的理由", "CN-15.2")}>
            <Input.TextArea autoSize={{ minRows: 2 }} />
          </Form.Item>
        )}
      </Card>
      <Card className="panel" size="small" title={needed("数据项", "CN-13.2")}>
        <ItemsEditor />
      </Card>
      <Button type="primary" htmlType="submit" loading={saving}>
        保存草稿
      </Button>
    </Form>
  );
}
