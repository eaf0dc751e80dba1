import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { App, Button, Form, Input, Select, type FormInstance } from "antd";
import type { QualityRule } from "../../api/types";
import { useFormFaults } from "../../hooks/useFormFaults";
import { useFileQualityRules } from "../../hooks/useQuality";
import { options, qualityKinds } from "../../words/labels";
import { noContext } from "../form/context";
import { RecordPicker } from "../form/RecordPicker";
import { ProblemAlert } from "../ProblemAlert";
import { comparisons, tidyRule } from "./rules";

interface Values {
  rules: Partial<QualityRule>[];
}

interface Props {
  resource: string;
  version: number;
  rules: QualityRule[];
  items: readonly { code: string; name: string }[];
  onDone: () => void;
}

/** Kinds that a provider may file. */
const kinds = ["required", "pattern", "domain", "range", "unique", "referential", "compare"].map((value) => ({ value, label: qualityKinds[value] ?? value }));

function Parameters({ form, at, items }: { form: FormInstance<Values>; at: number; items: Props["items"] }) {
  const kind: unknown = Form.useWatch(["rules", at, "kind"], form);
  switch (kind) {
    case "pattern":
      return (
        <Form.Item name={[at, "pattern"]} noStyle>
          <Input className="mono" aria-label={`第 ${at + 1} 条的正则表达式`} placeholder="正则表达式（RE2），须与整个值相符" maxLength={2000} />
        </Form.Item>
      );
    case "domain":
      return (
        <Form.Item name={[at, "values"]} noStyle>
          <Select
            mode="tags"
            open={false}
            suffixIcon={null}
            tokenSeparators={[",", "，"]}
            aria-label={`第 ${at + 1} 条的值域`}
            placeholder="可取的值，回车确认；不得写个人信息"
          />
        </Form.Item>
      );
    case "range":
      return (
        <>
          <Form.Item name={[at, "min"]} noStyle>
            <Input aria-label={`第 ${at + 1} 条的下限`} placeholder="下限" maxLength={64} />
          </Form.Item>
          <Form.Item name={[at, "max"]} noStyle>
            <Input aria-label={`第 ${at + 1} 条的上限`} placeholder="上限" maxLength={64} />
          </Form.Item>
        </>
      );
    case "referential":
      return (
        <>
          <Form.Item name={[at, "resource"]} noStyle>
            <RecordPicker
              field={{ id: "resource", name: "参照的资源", type: "id", required: true, record: "resource" }}
              context={noContext}
              label={`第 ${at + 1} 条参照的资源`}
            />
          </Form.Item>
          <Form.Item name={[at, "target"]} noStyle>
            <Input aria-label={`第 ${at + 1} 条参照的主键`} placeholder="该资源的主键数据项代码" maxLength={64} />
          </Form.Item>
        </>
      );
    case "compare":
      return (
        <>
          <Form.Item name={[at, "op"]} noStyle>
            <Select aria-label={`第 ${at + 1} 条的关系`} placeholder="关系" options={options(comparisons)} />
          </Form.Item>
          <Form.Item name={[at, "other"]} noStyle>
            <Select
              showSearch
              optionFilterProp="label"
              aria-label={`第 ${at + 1} 条的另一数据项`}
              placeholder="另一数据项"
              options={items.map(({ code, name }) => ({ value: code, label: `${name}（${code}）` }))}
            />
          </Form.Item>
        </>
      );
    default:
      return null;
  }
}

/** Files the provider's own rules; each filing is a new version. */
export function RulesForm({ resource, version, rules, items, onDone }: Props) {
  const [form] = Form.useForm<Values>();
  const faults = useFormFaults(form);
  const file = useFileQualityRules(resource);
  const { message } = App.useApp();
  const send = (values: Values) => {
    faults.clear();
    file.mutate(
      { version, rules: values.rules.map(tidyRule) },
      {
        onSuccess: () => {
          void message.success("已填报，下次检查时适用");
          onDone();
        },
        onError: (error) => faults.show(error, { names: ["rules"], lists: ["rules"] }),
      },
    );
  };
  return (
    <>
      <ProblemAlert error={faults.refusal?.problem} faults={faults.refusal?.above} />
      <Form<Values> form={form} initialValues={{ rules }} onValuesChange={faults.mend} onFinish={send}>
        <Form.List name="rules">
          {(rows, { add, remove }) => (
            <>
              {rows.length === 0 && <p className="quiet">没有填报规则：只按目录条目得出的规则检查。</p>}
              {rows.map((row, at) => (
                <Form.Item key={row.key} style={{ marginBottom: 8 }}>
                  <div className="list-editor-row" style={{ marginBottom: 0 }}>
                    <Form.Item name={[row.name, "item"]} noStyle rules={[{ required: true, message: `请选择第 ${at + 1} 条的数据项` }]}>
                      <Select
                        showSearch
                        optionFilterProp="label"
                        aria-label={`第 ${at + 1} 条的数据项`}
                        placeholder="数据项"
                        options={items.map(({ code, name }) => ({ value: code, label: `${name}（${code}）` }))}
                      />
                    </Form.Item>
                    <Form.Item name={[row.name, "kind"]} noStyle rules={[{ required: true, message: `请选择第 ${at + 1} 条的规则` }]}>
                      <Select aria-label={`第 ${at + 1} 条的规则`} placeholder="规则" options={kinds} />
                    </Form.Item>
                    <Parameters form={form} at={row.name} items={items} />
                    <Button type="text" icon={<DeleteOutlined />} aria-label={`删除第 ${at + 1} 条`} onClick={() => remove(row.name)} />
                  </div>
                </Form.Item>
              ))}
              <Button type="dashed" icon={<PlusOutlined />} onClick={() => add({})} className="gap-below">
                添加规则
              </Button>
            </>
          )}
        </Form.List>
        <div className="buttons">
          <Button type="primary" htmlType="submit" loading={file.isPending}>
            填报
          </Button>
          <Button onClick={onDone}>取消</Button>
        </div>
      </Form>
    </>
  );
}
