import type { FormField } from "../components/form/model";

interface Step {
  id: string;
  opens: boolean;
  fields: FormField[];
}

interface Law {
  procedures: {
    id: string;
    name: string;
    parties: Readonly<Record<string, string>>;
    stages: { id: string; name: string }[];
    actions: Step[];
  }[];
}

/** Name of a procedure's stage; its ID where the law in force has no such stage any more. */
export function stageName(law: Law | undefined, procedure: string, stage: string): string {
  const found = law?.procedures.find((p) => p.id === procedure);
  return found?.stages.find((s) => s.id === stage)?.name ?? stage;
}

/** Name of a procedure; its ID where the law in force does not know it. */
export function procedureName(law: Law | undefined, procedure: string): string {
  return law?.procedures.find((p) => p.id === procedure)?.name ?? procedure;
}

/** A procedure's own parties in a case, in the order the procedure names them: party name and department. */
export function ownParties(
  law: Law | undefined,
  procedure: string,
  parties: Readonly<Record<string, string>>,
): { party: string; label: string; department: string }[] {
  const names = law?.procedures.find((p) => p.id === procedure)?.parties ?? {};
  return Object.entries(parties)
    .filter(([party]) => party in names)
    .map(([party, department]) => ({ party, label: names[party] ?? party, department }));
}

/**
 * Fields of the step that opens a procedure. Those that a step of handing in
 * requires are marked, so that the reader knows before.
 */
export function openingFields(law: Law, procedure: string, handIn: string): FormField[] {
  const actions = law.procedures.find((p) => p.id === procedure)?.actions ?? [];
  const asked = actions.find((a) => a.id === handIn)?.fields ?? [];
  const later = new Set(asked.filter((field) => field.required).map((field) => field.id));
  const opening = actions.find((a) => a.opens)?.fields ?? [];
  return opening.map((field) => ({ ...field, later: !field.required && later.has(field.id) }));
}

/** Facts that the platform itself fills: no step's form has them. */
const computed: readonly FormField[] = [
  {
    id: "attribute",
    name: "共享属性",
    type: "choice",
    required: false,
    options: { unconditional: "无条件共享", conditional: "有条件共享" },
  },
  { id: "change", name: "编制类别", type: "choice", required: false, options: { first: "首次编制", update: "更新" } },
  {
    id: "attribute_now",
    name: "现共享属性",
    type: "choice",
    required: false,
    options: { unconditional: "无条件共享", conditional: "有条件共享", withheld: "不予共享" },
  },
  { id: "violated", name: "违反的条款", type: "text", required: false },
  { id: "gist", name: "违规情形", type: "text", required: false },
  {
    id: "role",
    name: "责任部门的身份",
    type: "choice",
    required: false,
    options: { provider: "提供部门", consumer: "需求部门", authority: "主管部门", department: "政务部门" },
  },
  { id: "by_government", name: "由本级人民政府处理", type: "choice", required: false, options: { yes: "是", no: "否" } },
  {
    id: "path",
    name: "申请途径",
    type: "choice",
    required: false,
    options: { relayed: "经本级和共同上级主管部门转送", superior: "由本级主管部门报上一级主管部门" },
  },
  {
    id: "side",
    name: "决定暂停的一方",
    type: "choice",
    required: false,
    options: { consumer: "需求部门", provider: "提供部门", authority: "主管部门" },
  },
  { id: "grant", name: "相关授权", type: "id", required: false },
  { id: "personal_info", name: "含个人信息", type: "choice", required: false, options: { yes: "是", no: "否" } },
];

/** Every field that any step of a procedure fills, by its ID. */
export function fieldsOf(law: Law | undefined, procedure: string): ReadonlyMap<string, FormField> {
  const found = law?.procedures.find((p) => p.id === procedure);
  // The form that opens the case comes first: facts are shown in this order.
  const actions = [...(found?.actions ?? [])].sort((a, b) => Number(b.opens) - Number(a.opens));
  const all = actions.flatMap((action) => action.fields);
  return new Map([...computed, ...all].map((field) => [field.id, field]));
}
