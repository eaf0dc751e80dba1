import { ClauseTag } from "../ClauseTag";

/** Label of a field with the clause that asks for it. */
export const labelled = (label: string, clause: string) => (
  <span>
    {label} <ClauseTag clause={clause} />
  </span>
);
