import type { CaseView, Me, SealedCorrection } from "../../api/types";

/** Procedures whose cases have a sealed record beside them. */
const corrections = new Set(["correction", "correction_via_authority"]);

/** What of a case is sealed; undefined: nothing. */
export function sealedKind(procedure: string): "correction" | "complaint" | undefined {
  if (procedure === "complaint") return "complaint";
  return corrections.has(procedure) ? "correction" : undefined;
}

type Reader = Pick<Me, "roles" | "department">;

const handles = (me: Reader) => me.roles.includes("clerk") || me.roles.includes("office_head");

const partyOf = (view: Pick<CaseView, "parties">, party: string) =>
  view.parties.find((one) => one.party === party)?.department;

/** Whether the reader may open the sealed part: the two sides' people, and a provider only once the case was forwarded to it. */
export function mayReveal(view: CaseView, me: Reader): boolean {
  if (!handles(me)) return false;
  const own = me.department.id;
  switch (sealedKind(view.procedure)) {
    case "correction":
      return own === partyOf(view, "consumer") || (own === partyOf(view, "provider") && view.stage !== "with_authority");
    case "complaint":
      return own === partyOf(view, "handler");
    default:
      return false;
  }
}

/** Whether the reader may file the right values: the provider's people, while the case is open. */
export function mayFileValues(view: CaseView, me: Reader): boolean {
  return (
    sealedKind(view.procedure) === "correction" &&
    !view.final &&
    handles(me) &&
    me.department.id === partyOf(view, "provider") &&
    view.stage !== "with_authority"
  );
}

/** A sealed value for reading. */
export function valueWords(value: unknown): string {
  if (value === undefined) return "—";
  if (value === null) return "（空）";
  if (typeof value === "boolean") return value ? "是" : "否";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** What the form of right values begins with: what was filed, or else what the consumer thinks is right. */
export function firstValues(sealed: SealedCorrection): Record<string, string> {
  return Object.fromEntries(
    sealed.claims.map(({ item, right }) => {
      const value: unknown = sealed.filed?.[item] ?? right;
      return [item, value === undefined || value === null ? "" : String(value)];
    }),
  );
}

/** What is sent: a line that was left blank is left out, one that is marked as empty is sent as empty. */
export function valuesRequest(form: Readonly<Record<string, string | undefined>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(form).flatMap(([item, value]) => (value === undefined || value.trim() === "" ? [] : [[item, value.trim()]])),
  );
}
