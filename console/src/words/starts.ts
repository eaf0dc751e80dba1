import type { Start } from "../api/types";
import type { FormField, FormValues, RecordKind } from "../components/form/model";

/** What may be begun under one chapter. */
export interface StartGroup {
  key: string;
  instrument: string;
  chapter: string;
  starts: Start[];
}

/** Sorts what may be begun by instrument and chapter, in the order it came. */
export function byChapter(starts: readonly Start[]): StartGroup[] {
  const groups = new Map<string, StartGroup>();
  for (const start of starts) {
    const { instrument, chapter = "" } = start;
    const key = `${instrument}/${chapter}`;
    const group = groups.get(key) ?? { key, instrument, chapter, starts: [] };
    group.starts.push(start);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** Those that hold every word of q in what is shown of them. */
export function matching(starts: readonly Start[], q: string): Start[] {
  const words = q.trim().split(/\s+/).filter(Boolean);
  return starts.filter((start) => {
    const text = [start.procedure_name, start.action.name, start.article, start.chapter, ...start.who].join(" ");
    return words.every((word) => text.includes(word));
  });
}

/** Where something is begun; a subject that is known already goes along. */
export function startPath(start: Pick<Start, "procedure" | "subject"> & { action: { id: string } }, subject?: string): string {
  if (start.subject === "version") return "/catalog?own=1";
  if (start.subject === "sealed") return `/corrections/new${subject ? `?grant=${subject}` : ""}`;
  return `/start/${start.procedure}/${start.action.id}${subject ? `?subject=${subject}` : ""}`;
}

const records: Readonly<Partial<Record<Start["subject"], RecordKind>>> = {
  resource: "resource",
  own_resource: "own_resource",
  grant: "grant",
  case: "case",
  case_or_grant: "case_or_grant",
  project: "project",
  element: "element",
  domain: "domain",
  liability: "liability",
};

const partyField = (party: string) => `party_${party}`;

/** Everything a beginning asks for: subject, departments, title, and the fields of its action. */
export function startFields(start: Start): FormField[] {
  const record = records[start.subject];
  const clause = start.clause;
  const article = start.article;
  return [
    ...(record
      ? [{ id: "subject", name: start.subject_label ?? "标的", type: "id", required: true, record, clause, article }]
      : []),
    ...start.parties.map(({ party, label }) => ({
      id: partyField(party),
      name: label,
      type: "id",
      required: true,
      record: "department" as const,
      clause,
      article,
    })),
    ...(start.title === "none"
      ? []
      : [{ id: "title", name: "标题（不得写个人信息）", type: "text", required: start.title === "required", max: 200 }]),
    ...start.action.fields,
  ];
}

/** What is sent to begin: the reverse of startFields. */
export function startRequest(start: Start, values: FormValues) {
  const parties = start.parties.map(({ party }) => [party, String(values[partyField(party)] ?? "")] as const);
  const own = new Set(["subject", "title", ...start.parties.map(({ party }) => partyField(party))]);
  return {
    procedure: start.procedure,
    action: start.action.id,
    subject: values["subject"] === undefined ? undefined : String(values["subject"]),
    title: values["title"] === undefined ? undefined : String(values["title"]),
    parties: parties.length > 0 ? Object.fromEntries(parties) : undefined,
    fields: Object.fromEntries(Object.entries(values).filter(([name]) => !own.has(name))),
  };
}

/** A fault's field as the form of a beginning calls it. */
export function startFault(field: string): string {
  return field.replace(/^(?:body\.)?parties\.([a-z_]+)$/, (_, party: string) => partyField(party));
}

/** The dispute that a department may begin with the other side; undefined: none. */
export function disputeStart(
  starts: readonly Start[],
  parties: Readonly<Record<string, string>>,
  department: string | undefined,
): Start | undefined {
  const { consumer, provider } = parties;
  if (!consumer || !provider || !department) return undefined;
  const action = { [provider]: "open_by_provider", [consumer]: "open_by_consumer" }[department];
  return starts.find((one) => one.procedure === "dispute" && one.action.id === action);
}

/** Who may begin, the department said once: 事发部门的经办人、系统对接人员. */
export function whoWords(who: readonly string[]): string {
  const [first = "", ...rest] = who;
  let shared = first.length;
  for (const one of rest) {
    while (!one.startsWith(first.slice(0, shared))) shared--;
  }
  if (rest.length === 0 || shared === 0) return who.join("、");
  const roles = who.map((one) => one.slice(shared).replace(/^的/, ""));
  return `${first.slice(0, shared)}的${roles.join("、")}`;
}
