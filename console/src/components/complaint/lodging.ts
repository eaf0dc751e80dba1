import type { LodgeComplaint } from "../../api/types";

/** What the form holds. */
export interface LodgeValues {
  about?: string;
  handler?: string;
  kind: string;
  text: string;
  name?: string;
  contact?: string;
}

const said = (value: string | undefined) => value?.trim() || undefined;

/** What is sent: without blanks, so that nothing is stored of who stays unnamed. */
export function lodging(values: LodgeValues): LodgeComplaint {
  return {
    kind: values.kind,
    text: values.text.trim(),
    about: said(values.about),
    handler: said(values.handler),
    name: said(values.name),
    contact: said(values.contact),
  };
}
