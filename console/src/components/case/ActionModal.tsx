import { App } from "antd";
import { useState } from "react";
import type { Action, CaseView } from "../../api/types";
import { useTakeAction } from "../../hooks/useCases";
import type { FormContext, FormValues } from "../form/model";
import { prefill } from "./prefill";
import { StepModal } from "./StepModal";

interface Props {
  view: CaseView;
  action: Action;
  context: FormContext;
  onClose: () => void;
}

/** One step on a case that is open. */
export function ActionModal({ view, action, context, onClose }: Props) {
  const take = useTakeAction(view.id);
  const { message } = App.useApp();
  const [initial] = useState(() => prefill(action, view.facts));

  const send = async (values: FormValues) => {
    const after = await take.mutateAsync({ action: action.id, fields: values, expect: view.version });
    void message.success(`${action.name}：已办理，当前环节为“${after.stage_name}”`);
  };

  return (
    <StepModal
      title={action.name}
      action={action}
      context={context}
      initial={initial}
      question={`确认以本人名义办理“${action.name}”？办理后不可撤销，并写入存证。`}
      okText="确认办理"
      send={send}
      onClose={onClose}
    />
  );
}
