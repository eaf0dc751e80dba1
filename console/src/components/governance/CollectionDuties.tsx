import { Card, Empty, Table, type TableColumnsType } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import type { CollectionDuty } from "../../api/types";
import { useCollectionDuties } from "../../hooks/useGovernance";
import { useMe } from "../../hooks/useMe";
import { Word } from "../Word";
import { day } from "../../words/time";
import { noContext } from "../form/context";
import { RecordPicker } from "../form/RecordPicker";
import { ResourceLink } from "../risk/TargetName";
import { Waiting } from "../Waiting";
import { StartLink } from "./StartLink";

const columns: TableColumnsType<CollectionDuty> = [
  {
    title: "采集内容",
    key: "name",
    render: (_, duty) => (
      <>
        {duty.name} {duty.element && <code>{duty.element}</code>}
      </>
    ),
  },
  { title: "更新频率", key: "frequency", render: (_, duty) => <Word of="frequency" code={duty.frequency} /> },
  {
    title: "来自",
    key: "from",
    responsive: ["sm"],
    render: (_, duty) => (duty.resource ? <ResourceLink id={duty.resource} /> : "主管部门增加"),
  },
  {
    title: "确定",
    key: "case",
    responsive: ["md"],
    render: (_, duty) => <Link to={`/cases/${duty.case}`}>{day(duty.decided_at)}</Link>,
  },
];

/** What each department collects (HB-10). */
export function CollectionDuties() {
  const me = useMe().data;
  const [department, setDepartment] = useState<string>();
  const own = me?.department.id ?? "";
  const chosen = department ?? own;
  return (
    <>
      <div className="filters">
        <div className="procedure-filter">
          <RecordPicker
            field={{ id: "department", name: "部门", type: "id", required: false, record: "department" }}
            context={{ ...noContext, names: { [own]: me?.department.name ?? "" } }}
            label="部门"
            value={chosen}
            onChange={(value) => setDepartment(typeof value === "string" ? value : undefined)}
          />
        </div>
        <StartLink procedure="collection_list" />
      </div>
      <Waiting query={useCollectionDuties(chosen || undefined)}>
        {(duties) => (
          <Card styles={{ body: { padding: 0 } }}>
            <Table<CollectionDuty>
              rowKey="id"
              columns={columns}
              dataSource={duties}
              size="middle"
              pagination={duties.length > 50 ? { pageSize: 50, showSizeChanger: false } : false}
              locale={{
                emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="该部门的采集责任清单尚未确定" />,
              }}
            />
          </Card>
        )}
      </Waiting>
    </>
  );
}
