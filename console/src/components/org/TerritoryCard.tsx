import { Card, Checkbox, Empty, Input, Table, Tag, type TableColumnsType } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import type { Department } from "../../api/types";
import { useTerritoryDepartments } from "../../hooks/useOrg";
import { departmentKinds, word } from "../../words/labels";
import { day } from "../../words/time";
import { RegionName } from "../RegionName";
import { Waiting } from "../Waiting";

const columns: TableColumnsType<Department> = [
  { title: "部门", key: "name", render: (_, one) => <Link to={`/org?department=${one.id}`}>{one.name}</Link> },
  { title: "区划", key: "region", responsive: ["sm"], render: (_, one) => <RegionName code={one.region} /> },
  { title: "类别", key: "kind", responsive: ["lg"], render: (_, one) => word(departmentKinds, one.kind) },
  {
    title: "共享工作机构",
    key: "office",
    render: (_, one) =>
      one.sharing_office ? (
        <>
          {one.sharing_office.name}
          <div className="quiet">
            {one.sharing_office.contact} · {day(one.sharing_office.filed_at)} 备案
          </div>
        </>
      ) : (
        <Tag color="red">未备案</Tag>
      ),
  },
];

function Departments({ departments }: { departments: Department[] }) {
  const [q, setQ] = useState("");
  const [lacking, setLacking] = useState(false);
  const without = departments.filter((one) => !one.sharing_office).length;
  const shown = departments.filter((one) => one.name.includes(q.trim()) && (!lacking || !one.sharing_office));
  return (
    <>
      <div className="filters" style={{ padding: "12px 12px 0" }}>
        <Input.Search
          className="grow"
          aria-label="查找部门"
          placeholder="部门名称"
          allowClear
          value={q}
          onChange={(event) => setQ(event.target.value)}
        />
        <Checkbox checked={lacking} onChange={(event) => setLacking(event.target.checked)}>
          只看未备案共享工作机构的（{without}）
        </Checkbox>
      </div>
      <Table<Department>
        rowKey="id"
        columns={columns}
        dataSource={shown}
        size="middle"
        pagination={shown.length > 20 ? { pageSize: 20, showSizeChanger: false, hideOnSinglePage: true } : false}
        locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="没有符合条件的部门" /> }}
      />
    </>
  );
}

/** Departments of an authority's territory, and who lacks a sharing office (CN-11). */
export function TerritoryCard({ root }: { root: string }) {
  return (
    <Card size="small" title="辖区部门" styles={{ body: { padding: 0 } }}>
      <Waiting query={useTerritoryDepartments(root)}>{(departments) => <Departments departments={departments} />}</Waiting>
    </Card>
  );
}
