import { Card, Form, Input, InputNumber, Select } from "antd";
import { useEffect, type ReactNode } from "react";
import type { Entry } from "../../api/types";
import { useVocabulary, useWords } from "../../hooks/useVocabulary";
import { options, word } from "../../words/labels";
import { labelled } from "./labelled";

/** Sharing methods that fit the kind of format; the others stay visible, so that it is seen why they are not to be had. */
function MethodsField({ label }: { label: ReactNode }) {
  const form = Form.useFormInstance<Entry>();
  const kind = Form.useWatch("format_kind", form);
  const methods = useWords("method");
  const kinds = useWords("format_kind");
  const fitting = useVocabulary().data?.format_methods.find((one) => one.format_kind === kind)?.methods;
  useEffect(() => {
    const chosen: string[] = form.getFieldValue("methods") ?? [];
    const left = chosen.filter((one) => !fitting || fitting.includes(one));
    if (left.length < chosen.length) form.setFieldValue("methods", left);
  }, [fitting, form]);
  return (
    <Form.Item name="methods" label={label} extra={fitting && kind ? `“${word(kinds, kind)}”可以：${fitting.map((one) => word(methods, one)).join("、")}` : undefined}>
      <Select
        mode="multiple"
        options={options(methods).map((one) => ({ ...one, disabled: fitting ? !fitting.includes(one.value) : false }))}
      />
    </Form.Item>
  );
}

/** How the resource is shared. */
export function Sharing() {
  const form = Form.useFormInstance<Entry>();
  const attribute = Form.useWatch("attribute", form);
  const collection = Form.useWatch("collection", form);
  const fields = useWords("entry_field");
  const attributes = useWords("attribute");
  const open = useWords("open_attribute");
  const collections = useWords("collection");
  const label = (field: string, clause?: string) => (clause ? labelled(word(fields, field), clause) : word(fields, field));
  return (
    <Card className="panel" size="small" title="共享">
      <div className="form-grid">
        <Form.Item name="attribute" label={label("attribute", "CN-14")}>
          <Select allowClear options={options(attributes)} />
        </Form.Item>
        <MethodsField label={label("methods", "CN-22")} />
        <Form.Item name="open_attribute" label={label("open_attribute")}>
          <Select allowClear options={options(open)} />
        </Form.Item>
        <Form.Item name="collection" label={label("collection", "HB-12")}>
          <Select allowClear options={options(collections)} />
        </Form.Item>
      </div>
      {collection === "linked_service" && (
        <div className="form-grid">
          <Form.Item name={["upstream", "url"]} label={label("upstream")} extra="随版本一并审核，网关不会去别处取数">
            <Input placeholder="https://host:8443/path" />
          </Form.Item>
          <Form.Item name={["upstream", "timeout_seconds"]} label="超时秒数">
            <InputNumber min={1} max={60} precision={0} className="wide" placeholder="10" />
          </Form.Item>
        </div>
      )}
      <Form.Item name="use_conditions" label={label("use_conditions", "CN-13.2")}>
        <Input.TextArea autoSize={{ minRows: 2 }} />
      </Form.Item>
      <Form.Item name="scope_of_use" label={label("scope_of_use", "CN-13.2")}>
        <Input.TextArea autoSize={{ minRows: 2 }} />
      </Form.Item>
      {attribute !== "unconditional" && (
        <Form.Item name="legal_basis" label={label("legal_basis", "CN-15.2")}>
          <Input.TextArea autoSize={{ minRows: 2 }} placeholder="名称与条款" />
        </Form.Item>
      )}
      {attribute === "conditional" && (
        <Form.Item name="purposes" label={label("purposes", "CN-15.2")}>
          <Select mode="tags" open={false} suffixIcon={null} placeholder="输入一项后按回车" />
        </Form.Item>
      )}
      {attribute === "withheld" && (
        <Form.Item name="withheld_reason" label={label("withheld_reason", "CN-15.2")}>
          <Input.TextArea autoSize={{ minRows: 2 }} />
        </Form.Item>
      )}
    </Card>
  );
}
