/** What a case is about, as far as this console has a page for it. */
export type SubjectKind = "resource" | "grant";

const kinds: Readonly<Record<string, SubjectKind>> = {
  application: "resource",
  application_via_authority: "resource",
  cross_level_application: "resource",
  backflow: "resource",
  attribute_change: "resource",
  catalog_update: "resource",
  negative_list: "resource",
  realtime_exemption: "resource",
  correction: "resource",
  correction_via_authority: "resource",
  suspension: "grant",
  disposal: "grant",
  service_change: "grant",
  grant_change: "grant",
  scope_widening: "grant",
};

/** The kind of record that the subject of a procedure's cases is; undefined: a text, or nothing to open. */
export function subjectKind(procedure: string): SubjectKind | undefined {
  return kinds[procedure];
}
