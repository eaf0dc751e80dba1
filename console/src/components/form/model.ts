/** One field of a form, as the procedure describes it. */
export interface FormField {
  id: string;
  name: string;
  type: string;
  required: boolean;
  /** May be left blank in a draft, but not when the draft is handed in. */
  later?: boolean;
  clause?: string;
  article?: string;
  /** Bounds: characters of a text, value of an integer, length of a list. Zero: none. */
  min?: number;
  max?: number;
  /** Value → Chinese name, of a choice. */
  options?: Readonly<Record<string, string>>;
  /** What an ID names, where its field's own ID does not tell. */
  record?: RecordKind;
}

/** A data item that a list field may name. */
export interface ItemOption {
  code: string;
  name: string;
  level: string;
  masked: boolean;
  sensitivity: string;
}

/** A record that an ID field may name. */
export interface RecordOption {
  id: string;
  name: string;
  /** Why it would be refused, when it would. */
  warning?: string;
}

/** A condition on rows. */
export interface Condition {
  item: string;
  op: string;
  values: string[];
}

/** What a form knows of the case it belongs to. */
export interface FormContext {
  /** Items of the resource in question. */
  items: readonly ItemOption[];
  /** Systems of the reader's own department. */
  systems: readonly RecordOption[];
  /** Sharing methods that the resource offers; empty: no narrowing. */
  methods: readonly string[];
  /** Names of records that the case refers to by ID. */
  names: Readonly<Record<string, string>>;
  /** What was asked for: the most that can be agreed to. */
  asked: Readonly<Record<string, unknown>>;
  /** Purposes that the resource lists; empty: none listed. */
  purposes: readonly string[];
}

/** What a form gives: JSON, ready to be sent. */
export type FormValues = Record<string, unknown>;

const itemFields = new Set([
  "items",
  "clear_items",
  "agreed_items",
  "agreed_clear_items",
  "new_items",
  "more_items",
  "more_clear_items",
  "third_party_items",
  "corrected_items",
]);

/** Fields that hold conditions on rows. */
const rowFields = new Set(["rows", "new_rows"]);

/** Whether a structure is a scope of rows, which has an editor of its own. */
export function namesRows(field: FormField): boolean {
  return field.type === "object" && rowFields.has(field.id);
}

/** What the value of an ID field refers to. */
export type RecordKind =
  | "system"
  | "department"
  | "resource"
  /** Published entries of the own department. */
  | "own_resource"
  | "grant"
  | "case"
  | "case_or_grant"
  /** Cases of projects. */
  | "project"
  /** Demands on the board. */
  | "demand"
  /** Clauses that a department can be held liable under. */
  | "liability"
  /** Standard data elements. */
  | "element"
  /** Domains of base libraries, or a theme. */
  | "domain"
  | "other";

const recordFields: readonly [RegExp, RecordKind][] = [
  [/systems?$/, "system"],
  [/^(departments?|about|transfer_to|assignee|[a-z]+_holder)$/, "department"],
  [/^merged_into$/, "demand"],
  [/resources?$/, "resource"],
  [/grants?$/, "grant"],
  [/^(origin|transferred_from|related_case)$/, "case"],
];

/** Which kind of record an ID field names. */
export function recordKind(field: Pick<FormField, "id" | "record">): RecordKind {
  return field.record ?? recordFields.find(([pattern]) => pattern.test(field.id))?.[1] ?? "other";
}

/** Fields of texts that name liability clauses. */
export function namesLiability(field: FormField): boolean {
  return field.id === "violated" && (field.type === "text" || field.type === "texts");
}

/** Whether a list of texts names data items, so that they can be ticked. */
export function namesItems(field: FormField): boolean {
  return field.type === "texts" && itemFields.has(field.id);
}

/** The items that such a list may name: only a masked item can be asked for in clear. */
export function itemsFor(field: FormField, context: FormContext): readonly ItemOption[] {
  const asked = context.asked[field.id.replace("agreed_", "")];
  const items =
    field.id.startsWith("agreed_") && Array.isArray(asked)
      ? context.items.filter((item) => asked.includes(item.code))
      : context.items;
  return field.id.endsWith("clear_items") ? items.filter((item) => item.masked) : items;
}

function blank(value: unknown): boolean {
  if (value === undefined || value === null) return true;
  if (typeof value === "string") return value.trim() === "";
  return Array.isArray(value) && value.length === 0;
}

/** A list without the rows that were added and never filled. */
function withoutEmptyRows(value: unknown): unknown {
  if (!Array.isArray(value)) return value;
  return value.filter((row) => typeof row !== "object" || row === null || Object.keys(row).length > 0);
}

/**
 * What to send. A field that was never filled is left out; one that was
 * filled before and is blank now is sent blank, or it would keep its value.
 */
export function filled(values: FormValues, initial: FormValues = {}): FormValues {
  return Object.fromEntries(
    Object.entries(values)
      .map(([name, value]) => [name, withoutEmptyRows(value)] as const)
      .filter(([name, value]) => !blank(value) || (value !== undefined && value !== null && !blank(initial[name]))),
  );
}
