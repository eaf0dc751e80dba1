import { Form, type FormInstance } from "antd";
import { ClauseTag } from "../ClauseTag";
import { FieldInput } from "./FieldInput";
import { filled, type FormContext, type FormField, type FormValues } from "./model";

interface Props {
  form: FormInstance<FormValues>;
  fields: readonly FormField[];
  context: FormContext;
  initial?: FormValues;
  onFinish: (values: FormValues) => void;
  onValuesChange?: (changed: unknown) => void;
}

/** A form drawn from the fields that a step of a procedure asks for. */
export function ProcedureForm({ form, fields, context, initial, onFinish, onValuesChange }: Props) {
  return (
    <Form<FormValues>
      form={form}
      layout="vertical"
      requiredMark
      scrollToFirstError
      initialValues={initial}
      onValuesChange={onValuesChange}
      onFinish={(values) => onFinish(filled(values, initial))}
    >
      {fields.map((field) => (
        <Form.Item
          key={field.id}
          name={field.id}
          label={
            <span>
              {field.name} <ClauseTag clause={field.clause} article={field.article} />
              {field.later && <span className="quiet"> 提出前必填</span>}
            </span>
          }
          rules={field.required ? [{ required: true, message: `请填写${field.name}` }] : []}
        >
          <FieldInput field={field} context={context} />
        </Form.Item>
      ))}
    </Form>
  );
}
