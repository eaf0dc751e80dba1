import { Card, Empty, List, Tag } from "antd";
import { useState } from "react";
import { Link } from "react-router";
import type { Library } from "../../api/types";
import { useLibraries, useLibrary } from "../../hooks/useGovernance";
import { libraryDomains, word } from "../../words/labels";
import { day } from "../../words/time";
import { DepartmentName } from "../DepartmentName";
import { RegionName } from "../RegionName";
import { ResourceLink } from "../risk/TargetName";
import { Waiting } from "../Waiting";
import { StartLink } from "./StartLink";

const kinds = { base: "基础库", theme: "主题库" } as const;

function Content({ id }: { id: string }) {
  return (
    <Waiting query={useLibrary(id, true)}>
      {(library) =>
        library.resources.length === 0 ? (
          <p className="quiet">尚未归入目录条目。</p>
        ) : (
          <ul className="plain-list">
            {library.resources.map((resource) => (
              <li key={resource}>
                <ResourceLink id={resource} />
              </li>
            ))}
          </ul>
        )
      }
    </Waiting>
  );
}

function LibraryCard({ library }: { library: Library }) {
  const [open, setOpen] = useState(false);
  return (
    <List.Item>
      <div className="wide">
        <div className="act-head">
          <strong>{library.name}</strong>
          <Tag color={library.kind === "base" ? "blue" : "default"}>{kinds[library.kind]}</Tag>
          <span className="quiet">{word(libraryDomains, library.domain)}</span>
          {library.ended_at && <Tag>{day(library.ended_at)} 撤销</Tag>}
        </div>
        <div className="quiet">
          牵头部门：<DepartmentName id={library.lead} /> · <RegionName code={library.region} /> · {day(library.created_at)} 建立 ·{" "}
          <Link to={`/cases/${library.id}`}>办件</Link>
        </div>
        {/* What is in it is asked for when it is opened. */}
        <details onToggle={(event) => setOpen(event.currentTarget.open)}>
          <summary>归入的目录条目</summary>
          {open && <Content id={library.id} />}
        </details>
      </div>
    </List.Item>
  );
}

/** Base and theme libraries with their lead departments (HB-13). */
export function Libraries() {
  return (
    <>
      <div className="filters">
        <StartLink procedure="library" />
      </div>
      <Waiting query={useLibraries()}>
        {(libraries) => (
          <Card size="small">
            <List
              dataSource={libraries}
              rowKey="id"
              locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="本级尚未建立基础库或者主题库" /> }}
              renderItem={(library) => <LibraryCard library={library} />}
            />
          </Card>
        )}
      </Waiting>
    </>
  );
}
