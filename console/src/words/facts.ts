import { listColumns, rowsOf, rowWords } from "../components/form/lists";
import { namesRows, type Condition, type FormContext, type FormField } from "../components/form/model";
import { operators, word } from "./labels";

function isCondition(value: unknown): value is Condition {
  return typeof value === "object" && value !== null && "item" in value && "op" in value && "values" in value;
}

/** A row condition in words: 区划代码 开头为 1301. */
export function conditionWords(condition: Condition, context: Pick<FormContext, "items">): string {
  const item = context.items.find((i) => i.code === condition.item)?.name ?? condition.item;
  return `${item} ${word(operators, condition.op)} ${condition.values.join("、")}`;
}

function one(value: unknown, field: FormField | undefined, context: FormContext): string {
  if (typeof value === "boolean") return value ? "是" : "否";
  if (isCondition(value)) return conditionWords(value, context);
  if (field && typeof value === "object" && value !== null && listColumns(field.id)) {
    return rowWords(field.id, rowsOf([value])[0] ?? {}, context.names);
  }
  if (typeof value === "object" && value !== null) return JSON.stringify(value);
  const text = String(value);
  const named =
    field?.options?.[text] ??
    context.items.find((item) => field?.type === "texts" && item.code === text)?.name ??
    context.names[text] ??
    context.systems.find((system) => system.id === text)?.name;
  return named ?? text;
}

/** A filled field in words, for reading. */
export function factWords(value: unknown, field: FormField | undefined, context: FormContext): string {
  if (value === null || value === undefined || value === "") return "—";
  if (!Array.isArray(value)) return one(value, field, context);
  if (value.length === 0) return field && namesRows(field) ? "全部数据行" : "—";
  return value.map((part: unknown) => one(part, field, context)).join(field?.type === "object" ? "；" : "、");
}
