import { Card, Checkbox, Segmented } from "antd";
import { useSearchParams } from "react-router";
import type { Case } from "../api/types";
import { CaseTable } from "../components/CaseTable";
import { More } from "../components/More";
import { PageTitle } from "../components/PageTitle";
import { Waiting } from "../components/Waiting";
import { useCases } from "../hooks/useCases";

/** Cases of the own department: applications and catalog publications. */
export function CasesPage() {
  const [search, setSearch] = useSearchParams();
  const procedure = search.get("procedure") ?? "application";
  const open = search.get("open") === "1";
  const change = (next: { procedure: string; open: boolean }) =>
    setSearch({ procedure: next.procedure, ...(next.open ? { open: "1" } : {}) }, { replace: true });
  const list = useCases({ procedure, open: open || undefined });
  return (
    <>
      <PageTitle title="申请与办件" note="本部门作为需求、提供或主管部门参与的全部办件，最新的在前。" />
      <div className="filters">
        <Segmented
          value={procedure}
          onChange={(value) => change({ procedure: value, open })}
          options={[
            { value: "application", label: "共享申请" },
            { value: "catalog_publication", label: "目录编制与发布" },
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
