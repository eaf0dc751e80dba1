import { Card, Checkbox, Form, Input, Select } from "antd";
import { useWords } from "../../hooks/useVocabulary";
import { options, word } from "../../words/labels";
import { ClassPicker } from "./ClassPicker";
import { labelled } from "./labelled";
import { RelatedPicker } from "./RelatedPicker";

/** What the resource is. */
export function Basics() {
  const fields = useWords("entry_field");
  const kinds = useWords("format_kind");
  const frequencies = useWords("frequency");
  const levels = useWords("level");
  const label = (field: string, clause?: string) => (clause ? labelled(word(fields, field), clause) : word(fields, field));
  return (
    <Card className="panel" size="small" title="基本信息">
      <Form.Item name="name" label={label("name", "CN-13.2")} rules={[{ required: true, message: "请填写名称" }]}>
        <Input maxLength={50} showCount />
      </Form.Item>
      <Form.Item name="class_code" label={label("class_code", "CN-12")} rules={[{ required: true, message: "请选择分类" }]}>
        <ClassPicker />
      </Form.Item>
      <Form.Item name="abstract" label={label("abstract", "CN-13.2")}>
        <Input.TextArea autoSize={{ minRows: 2 }} />
      </Form.Item>
      <div className="form-grid">
        <Form.Item name="format_kind" label={label("format_kind", "CN-22")}>
          <Select allowClear options={options(kinds)} />
        </Form.Item>
        <Form.Item name="format" label={label("format", "CN-13.2")}>
          <Input placeholder="如 PostgreSQL 数据库、xlsx" />
        </Form.Item>
        <Form.Item name="frequency" label={label("frequency", "CN-13.2")}>
          <Select allowClear options={options(frequencies)} />
        </Form.Item>
        <Form.Item name="level" label={label("level", "CN-13.2")}>
          <Select allowClear options={options(levels)} />
        </Form.Item>
        <Form.Item name="category" label={label("category")} tooltip="数据所属的业务领域（GB/T 43697）">
          <Input maxLength={100} placeholder="如 公共服务-社会组织" />
        </Form.Item>
        <Form.Item name="source_system" label={label("source_system")}>
          <Input />
        </Form.Item>
        <Form.Item name="duty_basis" label={label("duty_basis")}>
          <Input />
        </Form.Item>
        <Form.Item name="contact" label={label("contact")} tooltip="只填办公电话，不填个人手机号">
          <Input placeholder="办公电话" />
        </Form.Item>
        <Form.Item name="secrecy_marking" label={label("secrecy_marking", "CN-3")} tooltip="有密级标志的数据一律不得编入目录，应当留空">
          <Input placeholder="无" />
        </Form.Item>
      </div>
      <Form.Item name="related" label={label("related")}>
        <RelatedPicker />
      </Form.Item>
      <Form.Item name="personal_info" valuePropName="checked">
        <Checkbox>数据项含个人信息</Checkbox>
      </Form.Item>
    </Card>
  );
}
