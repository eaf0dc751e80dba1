import { Card, Checkbox, Select } from "antd";
import { useSearchParams } from "react-router";
import type { Case } from "../api/types";
import { CaseTable } from "../components/CaseTable";
import { More } from "../components/More";
import { PageTitle } from "../components/PageTitle";
import { Waiting } from "../components/Waiting";
import { useCases } from "../hooks/useCases";
import { useLaw } from "../hooks/useLaw";

/** Cases of every procedure that concern the own department. */
export function CasesPage() {
  const [search, setSearch] = useSearchParams();
  const law = useLaw().data;
  const procedure = search.get("procedure") ?? "";
  const open = search.get("open") === "1";
  const change = (next: { procedure: string; open: boolean }) =>
    setSearch(
      { ...(next.procedure ? { procedure: next.procedure } : {}), ...(next.open ? { open: "1" } : {}) },
      { replace: true },
    );
  const list = useCases({ procedure: procedure || undefined, open: open || undefined });
  return (
    <>
      <PageTitle title="办件" note="本部门作为当事方或主管部门参与的全部办件，最新的在前。" />
      <div className="filters">
        <Select
          aria-label="流程"
          className="procedure-filter"
          showSearch
          optionFilterProp="label"
          value={procedure}
          onChange={(value: string) => change({ procedure: value, open })}
          options={[
            { value: "", label: "全部流程" },
            ...(law?.procedures ?? []).map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
        <Checkbox checked={open} onChange={(e) => change({ procedure, open: e.target.checked })}>
          只看未办结
        </Checkbox>
      </div>
      <Waiting<Case[]> query={{ ...list, data: list.data?.pages.flatMap((page) => page.items) }}>
        {(cases) => (
          <Card styles={{ body: { padding: 0 } }}>
            <CaseTable cases={cases} />
          </Card>
        )}
      </Waiting>
      <More list={list} />
    </>
  );
}
