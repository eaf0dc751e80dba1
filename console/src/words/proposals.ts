import type { Entry, ReverseDraft, ReverseProposal } from "../api/types";

/** Whether a proposal can become a draft: not what is marked secret, and not twice. */
export const canDraft = (proposal: ReverseProposal): boolean => !proposal.refused && !proposal.resource && proposal.entry !== undefined;

/** Whether a proposal is ticked: as the reader said, else as the platform proposes. */
export function choiceOf(proposal: ReverseProposal, ticked: ReadonlyMap<string, boolean>): boolean {
  return canDraft(proposal) && (ticked.get(proposal.table) ?? proposal.selected);
}

/** The drafts to ask for: of what is ticked, each as it was edited. */
export function draftsOf(
  proposals: readonly ReverseProposal[],
  ticked: ReadonlyMap<string, boolean>,
  edited: ReadonlyMap<string, Entry>,
): ReverseDraft[] {
  return proposals.flatMap((proposal) => {
    const entry = edited.get(proposal.table) ?? proposal.entry;
    return entry && choiceOf(proposal, ticked) ? [{ table: proposal.table, entry }] : [];
  });
}
