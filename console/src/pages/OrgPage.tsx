import { Tabs } from "antd";
import { Link, useSearchParams } from "react-router";
import type { Department, Me } from "../api/types";
import { OfficeCard } from "../components/org/OfficeCard";
import { PeopleCard } from "../components/org/PeopleCard";
import { SystemsCard } from "../components/org/SystemsCard";
import { TerritoryCard } from "../components/org/TerritoryCard";
import { PageTitle } from "../components/PageTitle";
import { RegionName } from "../components/RegionName";
import { Waiting } from "../components/Waiting";
import { useMe } from "../hooks/useMe";
import { useDepartment } from "../hooks/useNames";
import { departmentKinds, word } from "../words/labels";

function tabsOf(me: Me, department: Department) {
  const own = me.department.id === department.id;
  const admin = me.roles.includes("admin");
  const heads = own && (me.roles.includes("office_head") || me.roles.includes("department_head"));
  const runs = own && (admin || me.roles.includes("engineer"));
  return [
    { key: "office", label: "共享工作机构", children: <OfficeCard department={department} mayFile={heads || admin} /> },
    { key: "systems", label: "信息系统", children: <SystemsCard department={department.id} mayManage={runs} /> },
    { key: "people", label: "人员与角色", children: <PeopleCard department={department.id} mayManage={admin} /> },
    ...(own && me.territory ? [{ key: "territory", label: "辖区部门", children: <TerritoryCard root={me.territory} /> }] : []),
  ];
}

function Sheet({ me, department }: { me: Me; department: Department }) {
  const [search, setSearch] = useSearchParams();
  const tabs = tabsOf(me, department);
  const own = me.department.id === department.id;
  const chosen = tabs.find(({ key }) => key === search.get("tab")) ?? tabs[0];
  return (
    <>
      <PageTitle
        title={own ? "机构与系统" : department.name}
        note={
          <>
            {own ? `${department.name} · ` : ""}
            {word(departmentKinds, department.kind)} · 统一社会信用代码 {department.uscc} · <RegionName code={department.region} />
            {!own && (
              <>
                {" "}
                · <Link to="/org?tab=territory">返回辖区部门</Link>
              </>
            )}
          </>
        }
      />
      <Tabs
        activeKey={chosen?.key}
        onChange={(tab) => setSearch({ ...(own ? {} : { department: department.id }), tab }, { replace: true })}
        destroyOnHidden
        items={tabs}
      />
    </>
  );
}

/** The own department: sharing office, systems, people; for an authority its territory's departments too. */
export function OrgPage() {
  const me = useMe().data;
  const [search] = useSearchParams();
  const id = search.get("department") ?? me?.department.id;
  const department = useDepartment(id);
  if (!me) return null;
  return <Waiting query={department}>{(found) => <Sheet key={found.id} me={me} department={found} />}</Waiting>;
}
