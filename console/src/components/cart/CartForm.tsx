import { App, Button, Card, Form, Popconfirm } from "antd";
import { useEffect, useRef, useState } from "react";
import { problemOf, type Problem } from "../../api/problem";
import type { Cart, CartChoice, CartLine } from "../../api/types";
import { useApplyCart, useClearCart, usePutIntoCart, useTakeOutOfCart } from "../../hooks/useCart";
import { useResourceContext } from "../../hooks/useFormContext";
import { useFormFaults } from "../../hooks/useFormFaults";
import { useMe } from "../../hooks/useMe";
import { cartRequest, sameChoice, tidyChoice, withOnlyMethod } from "../../words/cart";
import { divide, divideFaults } from "../bulk/bulk";
import type { FormField, FormValues } from "../form/model";
import { ProcedureForm } from "../form/ProcedureForm";
import { ProblemAlert } from "../ProblemAlert";
import type { Opened } from "./Applied";
import { CartLineCard, lineID } from "./CartLineCard";

interface Props {
  cart: Cart;
  fields: FormField[];
  onOpened: (opened: Opened[]) => void;
}

/** How long a change rests before it is kept. */
const restMS = 800;

/** What is chosen, kept on the server a moment after each change. */
function useChoices(lines: readonly CartLine[]) {
  const [changed, setChanged] = useState<Readonly<Record<string, CartChoice>>>({});
  const put = usePutIntoCart();
  const save = useRef(put.mutate);
  useEffect(() => {
    save.current = put.mutate;
  });
  const of = (line: CartLine) => changed[line.resource] ?? withOnlyMethod(line);
  useEffect(() => {
    const waiting = lines.filter((line) => {
      const choice = changed[line.resource];
      return choice !== undefined && !sameChoice(choice, line.choice);
    });
    if (waiting.length === 0) return undefined;
    const timer = setTimeout(() => {
      for (const line of waiting) save.current({ resource: line.resource, choice: tidyChoice(changed[line.resource] ?? {}) });
    }, restMS);
    return () => clearTimeout(timer);
  }, [changed, lines]);
  return { of, change: (id: string, choice: CartChoice) => setChanged((all) => ({ ...all, [id]: choice })), error: put.error };
}

/** The cart: entries by provider, one form for all, applied for in one go. */
export function CartForm({ cart, fields, onOpened }: Props) {
  const me = useMe().data;
  const { message } = App.useApp();
  const [form] = Form.useForm<FormValues>();
  const faults = useFormFaults(form);
  const apply = useApplyCart();
  const remove = useTakeOutOfCart();
  const clear = useClearCart();
  const lines = cart.groups.flatMap((group) => group.lines);
  const choices = useChoices(lines);
  const [left, setLeft] = useState<ReadonlySet<string>>(() => new Set(lines.filter(({ ready }) => !ready).map(({ resource }) => resource)));
  const [wrong, setWrong] = useState<ReadonlyMap<string, string[]>>(new Map());
  const [propose, setPropose] = useState(false);
  const chosen = lines.filter(({ resource }) => !left.has(resource));
  const { common } = divide(fields);
  const context = { ...useResourceContext(undefined, me?.department.id), purposes: cart.purposes };

  const refuse = (problem: Problem) => {
    const { each, common: rest } = divideFaults(problem, common);
    setWrong(new Map([...each].flatMap(([at, list]) => (chosen[at] ? [[chosen[at].resource, list] as const] : []))));
    faults.show(rest, { names: common.map(({ id }) => id) });
  };
  const send = (values: FormValues) => {
    faults.clear();
    setWrong(new Map());
    const applied = chosen.map((line) => ({ line, choice: choices.of(line) }));
    // An application for no item would be a draft of nothing.
    const blank = applied.filter(({ choice }) => !choice.items?.length);
    if (blank.length > 0) {
      setWrong(new Map(blank.map(({ line }) => [line.resource, ["请选择数据项"]])));
      document.getElementById(lineID(blank[0]?.line.resource ?? ""))?.scrollIntoView({ block: "center" });
      return;
    }
    const names = new Map(lines.map((line) => [line.resource, line.name ?? line.code ?? ""]));
    apply.mutate(cartRequest(values, applied, propose), {
      onSuccess: ({ items }) =>
        onOpened(
          items.map((one) => ({ id: one.case, number: one.number ?? "", name: names.get(one.subject ?? "") ?? "", stage: one.stage_name ?? "" })),
        ),
      onError: (error) => refuse(problemOf(error)),
    });
  };
  const hand = (now: boolean) => {
    setPropose(now);
    // The state is there before the form answers.
    setTimeout(() => form.submit());
  };
  const failed = (error: unknown) => void message.error(problemOf(error).message);

  return (
    <>
      <ProblemAlert error={faults.refusal?.problem} faults={faults.refusal?.above} />
      <ProblemAlert error={choices.error} />
      {cart.groups.map((group) => (
        <section key={group.provider ?? ""} aria-label={group.provider_name ?? "不能申请的"}>
          <h2 className="chapter-title">
            {group.provider_name ?? "已不能申请"}（{group.lines.length}）
          </h2>
          {group.lines.map((line) => (
            <CartLineCard
              key={line.resource}
              line={line}
              choice={choices.of(line)}
              chosen={!left.has(line.resource)}
              faults={wrong.get(line.resource) ?? []}
              onChoose={(on) => {
                setWrong(new Map());
                setLeft((all) => {
                  const next = new Set(all);
                  if (on) next.delete(line.resource);
                  else next.add(line.resource);
                  return next;
                });
              }}
              onChange={(choice) => choices.change(line.resource, choice)}
              onRemove={() => remove.mutate(line.resource, { onError: failed })}
            />
          ))}
        </section>
      ))}
      <Card className="panel" size="small" title={`共同填写（适用于选中的 ${chosen.length} 项）`}>
        {cart.purposes_bound && cart.purposes.length === 0 && (
          <p className="quiet">选中的目录条目限定的用途没有共同的，请分次申请。</p>
        )}
        <ProcedureForm form={form} fields={common} context={context} initial={{ mode: "query" }} onValuesChange={faults.mend} onFinish={send} />
      </Card>
      <div className="buttons">
        <Button type="primary" disabled={chosen.length === 0} loading={apply.isPending && !propose} onClick={() => hand(false)}>
          保存 {chosen.length} 份草稿
        </Button>
        <Button disabled={chosen.length === 0} loading={apply.isPending && propose} onClick={() => hand(true)}>
          保存并报负责人
        </Button>
        <Popconfirm title="清空数据车？" okText="清空" cancelText="取消" onConfirm={() => clear.mutate(undefined, { onError: failed })}>
          <Button>清空</Button>
        </Popconfirm>
      </div>
    </>
  );
}
