import type { ReportCorrection } from "../../api/types";

/** One item with the value that names the record. */
export interface KeyRow {
  item?: string;
  value?: string;
}

/** One item that is wrong. */
export interface ClaimRow {
  item?: string;
  found?: string;
  right?: string;
}

/** A report as its form holds it. */
export interface ReportForm {
  procedure: ReportCorrection["procedure"];
  grant?: string;
  source?: string;
  kind: string;
  key?: KeyRow[];
  claims?: ClaimRow[];
  problem?: string;
  evidence?: string;
}

const said = (text: string | undefined) => (text?.trim() ? text.trim() : undefined);

/** A report as it is sent: lines that nobody filled are left out. */
export function reportOf(form: ReportForm): ReportCorrection {
  const key = (form.key ?? []).flatMap(({ item, value }) => (item ? [[item, value?.trim() ?? ""] as const] : []));
  return {
    procedure: form.procedure,
    grant: form.grant ?? "",
    source: form.source?.trim().toLowerCase() ?? "",
    kind: form.kind,
    key: Object.fromEntries(key),
    claims: (form.claims ?? []).flatMap(({ item, found, right }) =>
      item ? [{ item, found: said(found), right: said(right) }] : [],
    ),
    problem: form.problem?.trim() ?? "",
    evidence: said(form.evidence),
  };
}
