import { Button } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import type { Action, CaseView } from "../../api/types";
import type { FormContext } from "../form/model";
import { ActionModal } from "./ActionModal";

interface Props {
  view: CaseView;
  context: FormContext;
}

/** Steps that move a case on; the one shown first stands out. */
const forward = ["propose", "consent", "agree", "complete", "submit", "head_approve", "publish", "consent_extension"];
const backward = new Set(["refuse", "withdraw", "abandon", "decline", "dismiss", "drop", "cancel"]);

function byWeight(a: Action, b: Action): number {
  const weight = (action: Action) => {
    const at = forward.indexOf(action.id);
    if (at >= 0) return at - forward.length;
    return backward.has(action.id) ? 1 : 0;
  };
  return weight(a) - weight(b);
}

/** What the reader can do now, as buttons. */
export function ActionBar({ view, context }: Props) {
  const [chosen, setChosen] = useState<Action>();
  const actions = [...view.actions].sort(byWeight);
  const draftOpen = view.procedure === "catalog_publication" && view.stage === "drafted" && actions.length > 0;
  return (
    <>
      {draftOpen && (
        // The case knows the version, not the entry; the own catalog finds it by name.
        <Link to={`/catalog?own=1&q=${encodeURIComponent(view.title)}`}>
          <Button>查找目录草稿</Button>
        </Link>
      )}
      {actions.map((action, at) => (
        <Button
          key={action.id}
          type={at === 0 && forward.includes(action.id) ? "primary" : "default"}
          danger={backward.has(action.id)}
          onClick={() => setChosen(action)}
        >
          {action.name}
        </Button>
      ))}
      {chosen && (
        <ActionModal
          // Not by version: a step that succeeds changes it while the form is closing.
          key={chosen.id}
          view={view}
          action={chosen}
          context={context}
          onClose={() => setChosen(undefined)}
        />
      )}
    </>
  );
}
