import { Drawer } from "antd";
import { useMemo } from "react";
import { Problem } from "../../api/problem";
import type { Entry, ReverseOutcome, ReverseProposal } from "../../api/types";
import { EntryForm } from "../entry/EntryForm";

interface Props {
  proposal: ReverseProposal;
  entry: Entry;
  /** What the server said of it, where it was refused. */
  errors: ReverseOutcome | undefined;
  onClose: () => void;
  onSave: (entry: Entry) => void;
}

/** Changes a proposal before it becomes a draft. */
export function ProposalEditor({ proposal, entry, errors, onClose, onSave }: Props) {
  const refused = useMemo(
    () => (errors?.message ? new Problem(400, errors.code ?? "invalid", errors.message, errors.basis, errors.errors ?? []) : undefined),
    [errors],
  );
  return (
    <Drawer open width="min(1240px, 96vw)" title={`修改建议：${proposal.table}`} onClose={onClose} destroyOnHidden>
      <EntryForm initial={entry} saving={false} error={refused} saveText="采用所改的内容" onSave={onSave} />
    </Drawer>
  );
}
