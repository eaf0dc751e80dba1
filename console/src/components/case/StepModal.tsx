import { Form, Modal } from "antd";
import { useState, type ReactNode } from "react";
import type { Action } from "../../api/types";
import { useFormFaults } from "../../hooks/useFormFaults";
import { ClauseTag } from "../ClauseTag";
import type { FormContext, FormValues } from "../form/model";
import { ProcedureForm } from "../form/ProcedureForm";
import { ProblemAlert } from "../ProblemAlert";

interface Props {
  title: string;
  action: Action;
  context: FormContext;
  initial?: FormValues;
  /** Said when the step asks for nothing. */
  question: ReactNode;
  okText: string;
  /** Takes the step; a refusal that it throws is shown where it can be mended. */
  send: (values: FormValues) => Promise<unknown>;
  onClose: () => void;
}

/** One step: its form, and everything the server has against it beside the fields. */
export function StepModal({ title, action, context, initial, question, okText, send, onClose }: Props) {
  const [form] = Form.useForm<FormValues>();
  const faults = useFormFaults(form);
  // Closing waits for the animation, so that focus returns to the button.
  const [open, setOpen] = useState(true);
  const [sending, setSending] = useState(false);

  const submit = async (values: FormValues) => {
    faults.clear();
    setSending(true);
    try {
      await send(values);
      setOpen(false);
    } catch (error) {
      faults.show(error, { names: action.fields.map((field) => field.id) });
    } finally {
      setSending(false);
    }
  };

  return (
    <Modal
      open={open}
      title={
        <>
          {title} <ClauseTag clause={action.clause} article={action.article} />
        </>
      }
      width={action.fields.length > 3 ? 760 : 560}
      okText={okText}
      confirmLoading={sending}
      maskClosable={false}
      onOk={() => form.submit()}
      onCancel={() => setOpen(false)}
      afterClose={onClose}
    >
      <ProblemAlert error={faults.refusal?.problem} faults={faults.refusal?.above} />
      {action.fields.length === 0 && <p>{question}</p>}
      <ProcedureForm
        form={form}
        fields={action.fields}
        context={context}
        initial={initial}
        onValuesChange={faults.mend}
        onFinish={(values) => void submit(values)}
      />
    </Modal>
  );
}
