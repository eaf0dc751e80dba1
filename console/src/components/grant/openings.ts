import type { GrantOpening } from "../../api/types";
import type { FormValues } from "../form/model";

/** What is sent to open a case about a grant. The parties follow from the grant. */
export function openRequest(grant: string, opening: GrantOpening, fields: FormValues) {
  return { procedure: opening.procedure, action: opening.action.id, subject: grant, fields };
}

/** What the button says: where a procedure can be opened in several ways, which of them. */
export function openingName(opening: GrantOpening, all: readonly GrantOpening[]): string {
  const ways = all.filter((other) => other.procedure === opening.procedure).length;
  return ways > 1 ? `${opening.procedure_name}：${opening.action.name}` : opening.procedure_name;
}
