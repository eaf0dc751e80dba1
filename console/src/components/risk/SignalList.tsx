import { Button, Card, Empty, Select } from "antd";
import { useSearchParams } from "react-router";
import type { RiskSignal } from "../../api/types";
import { useSignals } from "../../hooks/useMonitor";
import { options } from "../../words/labels";
import { signalKinds, signalStates } from "../../words/monitor";
import { More } from "../More";
import { Waiting } from "../Waiting";
import { SignalCard } from "./SignalCard";

function chosen<K extends string>(words: Readonly<Record<K, string>>, value: string | null): K | undefined {
  return value !== null && value in words ? (value as K) : undefined;
}

/** Signals in the reader's sight; at first those that await a judgement. */
export function SignalList() {
  const [search, setSearch] = useSearchParams();
  const grant = search.get("grant") ?? undefined;
  const state = search.get("state") === "all" ? undefined : (chosen(signalStates, search.get("state")) ?? "open");
  const kind = chosen(signalKinds, search.get("kind"));
  const list = useSignals({ state, kind, grant });
  const change = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    if (value) next.set(name, value);
    else next.delete(name);
    setSearch(next, { replace: true });
  };
  return (
    <>
      <div className="filters">
        <Select
          aria-label="状态"
          className="procedure-filter"
          value={state ?? "all"}
          onChange={(value: string) => change("state", value)}
          options={[...options(signalStates), { value: "all", label: "全部状态" }]}
        />
        <Select
          aria-label="类别"
          className="procedure-filter"
          value={kind ?? ""}
          onChange={(value: string) => change("kind", value)}
          options={[{ value: "", label: "全部类别" }, ...options(signalKinds)]}
        />
        {grant && (
          <Button type="link" onClick={() => change("grant", "")}>
            现在只看一项授权的，点此看全部
          </Button>
        )}
      </div>
      <Waiting<RiskSignal[]> query={{ ...list, data: list.data?.pages.flatMap((page) => page.items) }}>
        {(signals) =>
          signals.length === 0 ? (
            <Card>
              <Empty
                image={Empty.PRESENTED_IMAGE_SIMPLE}
                description={state === "open" ? "没有待判断的信号" : "没有符合条件的信号"}
              />
            </Card>
          ) : (
            signals.map((signal) => <SignalCard key={signal.id} signal={signal} />)
          )
        }
      </Waiting>
      <More list={list} />
    </>
  );
}
