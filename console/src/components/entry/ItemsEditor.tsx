import { DeleteOutlined, PlusOutlined } from "@ant-design/icons";
import { Button, Checkbox, Form, Input, InputNumber, Select } from "antd";
import { itemTypes, levels, options, sensitivities } from "../../words/labels";

/** The data items of an entry being written: a list of small forms. */
export function ItemsEditor() {
  return (
    <Form.List name="items">
      {(fields, { add, remove }) => (
        <>
          {fields.map((field, at) => (
            <fieldset key={field.key} className="item-card">
              <legend className="quiet">第 {at + 1} 项</legend>
              <div className="form-grid">
                <Form.Item name={[field.name, "name"]} label="中文名">
                  <Input />
                </Form.Item>
                <Form.Item
                  name={[field.name, "code"]}
                  label="英文名（列名）"
                  rules={[
                    { required: true, message: "请填写英文名" },
                    { pattern: /^[a-z][a-z0-9_]{0,62}$/, message: "小写字母开头，只含小写字母、数字和下划线" },
                  ]}
                >
                  <Input className="mono" maxLength={63} />
                </Form.Item>
                <Form.Item name={[field.name, "type"]} label="类型">
                  <Select allowClear options={options(itemTypes)} />
                </Form.Item>
                <Form.Item name={[field.name, "length"]} label="长度">
                  <InputNumber min={0} precision={0} className="wide" />
                </Form.Item>
                <Form.Item name={[field.name, "format"]} label="数据格式">
                  <Input placeholder="如 YYYY-MM-DD" />
                </Form.Item>
                <Form.Item name={[field.name, "element"]} label="标准数据元代码">
                  <Input />
                </Form.Item>
                <Form.Item name={[field.name, "level"]} label="分类分级">
                  <Select allowClear options={options(levels)} />
                </Form.Item>
                <Form.Item name={[field.name, "sensitivity"]} label="个人信息类别">
                  <Select allowClear placeholder="不含个人信息" options={options(sensitivities)} />
                </Form.Item>
              </div>
              <Form.Item name={[field.name, "description"]} label="说明">
                <Input />
              </Form.Item>
              <div className="filters">
                <Form.Item name={[field.name, "key"]} valuePropName="checked" noStyle>
                  <Checkbox>主键</Checkbox>
                </Form.Item>
                <Form.Item name={[field.name, "nullable"]} valuePropName="checked" noStyle>
                  <Checkbox>可空</Checkbox>
                </Form.Item>
                <Form.Item name={[field.name, "masked"]} valuePropName="checked" noStyle>
                  <Checkbox>默认脱敏</Checkbox>
                </Form.Item>
                <Button
                  type="text"
                  danger
                  icon={<DeleteOutlined />}
                  aria-label={`删除第 ${at + 1} 个数据项`}
                  onClick={() => remove(field.name)}
                >
                  删除
                </Button>
              </div>
            </fieldset>
          ))}
          <Button type="dashed" block icon={<PlusOutlined />} onClick={() => add({ code: "" })}>
            添加数据项
          </Button>
        </>
      )}
    </Form.List>
  );
}
