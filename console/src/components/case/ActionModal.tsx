import { App, Form, Modal } from "antd";
import { useState } from "react";
import type { Action, CaseView } from "../../api/types";
import { useTakeAction } from "../../hooks/useCases";
import { useFormFaults } from "../../hooks/useFormFaults";
import { ClauseTag } from "../ClauseTag";
import type { FormContext, FormValues } from "../form/model";
import { ProcedureForm } from "../form/ProcedureForm";
import { ProblemAlert } from "../ProblemAlert";
import { prefill } from "./prefill";

interface Props {
  view: CaseView;
  action: Action;
  context: FormContext;
  onClose: () => void;
}

/** One step on a case: its form, and everything the server has against it beside the fields. */
export function ActionModal({ view, action, context, onClose }: Props) {
  const [form] = Form.useForm<FormValues>();
  const faults = useFormFaults(form);
  const take = useTakeAction(view.id);
  const { message } = App.useApp();
  // Closing waits for the animation, so that focus returns to the button.
  const [open, setOpen] = useState(true);
  const [initial] = useState(() => prefill(action, view.facts));

  const submit = (values: FormValues) => {
    faults.clear();
    take.mutate(
      { action: action.id, fields: values, expect: view.version },
      {
        onSuccess: (after) => {
          void message.success(`${action.name}：已办理，当前环节为“${after.stage_name}”`);
          setOpen(false);
        },
        onError: (error) => faults.show(error, { names: action.fields.map((field) => field.id) }),
      },
    );
  };

  return (
    <Modal
      open={open}
      title={
        <>
          {action.name} <ClauseTag clause={action.clause} article={action.article} />
        </>
      }
      width={action.fields.length > 3 ? 760 : 560}
      okText="确认办理"
      confirmLoading={take.isPending}
      maskClosable={false}
      onOk={() => form.submit()}
      onCancel={() => setOpen(false)}
      afterClose={onClose}
    >
      <ProblemAlert error={faults.refusal?.problem} faults={faults.refusal?.above} />
      {action.fields.length === 0 && <p>确认以本人名义办理“{action.name}”？办理后不可撤销，并写入存证。</p>}
      <ProcedureForm
        form={form}
        fields={action.fields}
        context={context}
        initial={initial}
        onValuesChange={faults.mend}
        onFinish={submit}
      />
    </Modal>
  );
}
