import { Button, Card, Checkbox, Empty, Input, Select } from "antd";
import { useState } from "react";
import { Link, useSearchParams } from "react-router";
import type { Demand } from "../api/types";
import { ClauseTag } from "../components/ClauseTag";
import { DemandCard } from "../components/demand/DemandCard";
import { demandStates } from "../components/demand/words";
import { More } from "../components/More";
import { PageTitle } from "../components/PageTitle";
import { Waiting } from "../components/Waiting";
import { useDemands } from "../hooks/useDemands";
import { useSettled } from "../hooks/useSettled";
import { useStarts } from "../hooks/useStarts";
import { options } from "../words/labels";

/** What departments look for and the catalog does not have (CN-20.1). */
export function DemandsPage() {
  const [search, setSearch] = useSearchParams();
  const [typed, setTyped] = useState("");
  const asked = search.get("state") ?? "running";
  const state: Demand["state"][] | undefined =
    asked === "running" ? ["open", "answered"] : asked in demandStates ? [asked as Demand["state"]] : undefined;
  const own = search.get("own") === "1";
  const change = (name: string, value: string) => {
    const next = new URLSearchParams(search);
    if (value) next.set(name, value);
    else next.delete(name);
    setSearch(next, { replace: true });
  };
  const list = useDemands({ state, own: own || undefined, q: useSettled(typed.trim()) || undefined });
  const may = useStarts().data?.some(({ procedure }) => procedure === "demand");
  return (
    <>
      <PageTitle
        title="供需对接"
        aside={<ClauseTag clause="CN-20.1" />}
        note="各部门需要而目录中没有的数据。公布的只有需要什么，使用目的和依据不公布。"
        actions={
          may && (
            <Link to="/demands/new">
              <Button type="primary">提出需求</Button>
            </Link>
          )
        }
      />
      <div className="filters">
        <Input.Search
          className="grow"
          allowClear
          aria-label="查找需求"
          placeholder="名称、说明的一部分，或者文号"
          onChange={(event) => setTyped(event.target.value)}
        />
        <Select
          aria-label="状态"
          className="procedure-filter"
          value={asked}
          onChange={(value: string) => change("state", value)}
          options={[{ value: "running", label: "未办结" }, ...options(demandStates), { value: "all", label: "全部" }]}
        />
        <Checkbox checked={own} onChange={(event) => change("own", event.target.checked ? "1" : "")}>
          只看本部门提出和也需要的
        </Checkbox>
      </div>
      <Waiting<Demand[]> query={{ ...list, data: list.data?.pages.flatMap((page) => page.items) }}>
        {(demands) =>
          demands.length === 0 ? (
            <Card>
              <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="没有符合条件的需求" />
            </Card>
          ) : (
            demands.map((demand) => <DemandCard key={demand.id} demand={demand} />)
          )
        }
      </Waiting>
      <More list={list} />
    </>
  );
}
