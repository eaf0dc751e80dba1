import { AutoComplete, Checkbox, DatePicker, Input, InputNumber, Select } from "antd";
import dayjs, { type Dayjs } from "dayjs";
import { EvidenceInput } from "./EvidenceInput";
import { ItemsPicker } from "./ItemsPicker";
import { JSONInput } from "./JSONInput";
import { ListEditor } from "./ListEditor";
import { listColumns } from "./lists";
import { itemsFor, namesItems, namesLiability, namesRows, type Condition, type FormContext, type FormField } from "./model";
import { RecordPicker } from "./RecordPicker";
import { RowsEditor } from "./RowsEditor";

interface Props {
  field: FormField;
  context: FormContext;
  id?: string;
  value?: unknown;
  onChange?: (value: unknown) => void;
}

/** Texts up to this length fit on one line. */
const oneLine = 60;

const asText = (value: unknown) => (typeof value === "string" ? value : undefined);
const asTexts = (value: unknown) => (Array.isArray(value) ? value.map(String) : []);

/** The control that fits a field's type. It takes and gives JSON values. */
export function FieldInput({ field, context, id, value, onChange }: Props) {
  if (namesLiability(field)) {
    const list: FormField = { ...field, type: field.type === "texts" ? "ids" : "id", record: "liability" };
    return <RecordPicker id={id} field={list} context={context} value={value} onChange={onChange} />;
  }
  const columns = field.type === "object" ? listColumns(field.id) : undefined;
  if (columns) return <ListEditor id={id} columns={columns} value={value} onChange={onChange} />;
  switch (field.type) {
    case "date":
      return (
        <DatePicker
          id={id}
          className="wide"
          value={asText(value) ? dayjs(asText(value)) : null}
          onChange={(at: Dayjs | null) => onChange?.(at?.format("YYYY-MM-DD"))}
        />
      );
    case "integer":
      return (
        <InputNumber
          id={id}
          className="wide"
          precision={0}
          min={field.min || undefined}
          max={field.max || undefined}
          value={typeof value === "number" ? value : null}
          onChange={(n) => onChange?.(n ?? undefined)}
        />
      );
    case "boolean":
      return (
        <Checkbox id={id} checked={value === true} onChange={(e) => onChange?.(e.target.checked)}>
          是
        </Checkbox>
      );
    case "choice":
      return (
        <Select
          id={id}
          allowClear={!field.required}
          placeholder="请选择"
          value={asText(value)}
          onChange={onChange}
          options={Object.entries(field.options ?? {})
            .filter(([code]) => field.id !== "method" || context.methods.length === 0 || context.methods.includes(code))
            .map(([code, label]) => ({ value: code, label }))}
        />
      );
    case "texts":
      if (namesItems(field) && context.items.length > 0) {
        return <ItemsPicker id={id} items={itemsFor(field, context)} value={asTexts(value)} onChange={onChange} />;
      }
      return (
        <Select
          id={id}
          mode="tags"
          open={false}
          suffixIcon={null}
          placeholder="输入一项后按回车"
          value={asTexts(value)}
          onChange={onChange}
        />
      );
    case "id":
    case "ids":
      return <RecordPicker id={id} field={field} context={context} value={value} onChange={onChange} />;
    case "object":
      if (namesRows(field)) {
        return (
          <RowsEditor
            id={id}
            items={context.items}
            // The form only ever puts in what RowsEditor gave or the case held.
            value={Array.isArray(value) ? (value as Condition[]) : []}
            onChange={onChange}
          />
        );
      }
      return <JSONInput id={id} value={value} onChange={onChange} />;
    case "evidence":
      return <EvidenceInput id={id} value={asText(value)} onChange={onChange} />;
    default:
      if (field.id === "purpose" && context.purposes.length > 0) {
        return (
          <AutoComplete
            id={id}
            placeholder="选择目录列明的用途"
            value={asText(value)}
            onChange={onChange}
            options={context.purposes.map((purpose) => ({ value: purpose }))}
          />
        );
      }
      return field.type === "text" && (field.id === "title" || ((field.max ?? 0) > 0 && (field.max ?? 0) <= oneLine)) ? (
        <Input id={id} maxLength={field.max} value={asText(value)} onChange={(e) => onChange?.(e.target.value)} />
      ) : (
        <Input.TextArea
          id={id}
          autoSize={{ minRows: 2, maxRows: 8 }}
          maxLength={field.max || undefined}
          showCount={Boolean(field.max)}
          value={asText(value)}
          onChange={(e) => onChange?.(e.target.value)}
        />
      );
  }
}
