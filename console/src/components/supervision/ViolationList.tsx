import { Card, Checkbox, Empty, Table, Tag, type TableColumnsType } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import type { Violation } from "../../api/types";
import { useViolations } from "../../hooks/useSupervision";
import { violationRoles, violationSources, word } from "../../words/labels";
import { day } from "../../words/time";
import { LawClause } from "../LawClause";
import { More } from "../More";
import { Waiting } from "../Waiting";

const columns: TableColumnsType<Violation> = [
  {
    title: "违规",
    key: "clause",
    render: (_, one) => (
      <>
        <LawClause clause={one.clause} gist />
        <div className="quiet">
          {day(one.at)} · {word(violationSources, one.source)}
        </div>
      </>
    ),
  },
  {
    title: "责任部门",
    key: "department",
    render: (_, one) => (
      <>
        {one.department_name}
        <div className="quiet">{word(violationRoles, one.role)}</div>
      </>
    ),
  },
  {
    title: "责令改正",
    key: "rectification",
    render: (_, one) => (
      <>
        {one.rectification && <Link to={`/cases/${one.rectification}`}>{one.number || "查看办件"}</Link>}{" "}
        <Tag color={one.closed_at ? "default" : "orange"}>{one.stage_name}</Tag>
      </>
    ),
  },
  {
    title: "所涉",
    key: "about",
    responsive: ["md"],
    render: (_, one) => (
      <div className="buttons">
        {one.case && <Link to={`/cases/${one.case}`}>办件</Link>}
        {one.grant && <Link to={`/grants/${one.grant}`}>授权</Link>}
        {one.resource && <Link to={`/catalog/${one.resource}`}>目录条目</Link>}
      </div>
    ),
  },
];

/** Violations found in the territory, each with the case in which it is mended (CN-39). */
export function ViolationList() {
  const [open, setOpen] = useState(true);
  const list = useViolations(open);
  return (
    <>
      <div className="filters">
        <Checkbox checked={open} onChange={(event) => setOpen(event.target.checked)}>
          只看未办结
        </Checkbox>
      </div>
      <Waiting<Violation[]> query={{ ...list, data: list.data?.pages.flatMap((page) => page.items) }}>
        {(violations) => (
          <Card styles={{ body: { padding: 0 } }}>
            <Table<Violation>
              rowKey="id"
              columns={columns}
              dataSource={violations}
              size="middle"
              pagination={false}
              locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="没有违规记录" /> }}
            />
          </Card>
        )}
      </Waiting>
      <More list={list} />
    </>
  );
}
