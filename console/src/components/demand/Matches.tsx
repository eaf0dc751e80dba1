import { Alert, Empty, List, Tag } from "antd";
import { Link } from "react-router";
import type { DemandItemMatch, DemandMatches } from "../../api/types";
import { DepartmentName } from "../DepartmentName";
import { AttributeTag } from "../AttributeTag";
import { demandStates } from "./words";

function Items({ items }: { items: readonly DemandItemMatch[] }) {
  if (items.length === 0) return null;
  return (
    <ul className="plain-list quiet">
      {items.map((one) => (
        <li key={`${one.wanted}/${one.item}`}>
          {one.wanted} ≈ {one.item}：{one.why}
        </li>
      ))}
    </ul>
  );
}

/** Entries that may meet a demand, and demands that look like the same. */
export function Matches({ matches, except }: { matches: DemandMatches; except?: string }) {
  const alike = matches.demands.filter(({ id }) => id !== except);
  return (
    <>
      {matches.incomplete && <Alert className="gap-below" type="warning" showIcon message="检索暂时不可用，可能还有没有列出的。" />}
      <h3 className="small-title">可能满足需要的目录条目</h3>
      <List
        size="small"
        dataSource={matches.resources}
        rowKey="resource"
        locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="没有找到" /> }}
        renderItem={(one) => (
          <List.Item>
            <div>
              <div className="act-head">
                <Link to={`/catalog/${one.resource}`}>{one.name}</Link>
                <AttributeTag attribute={one.attribute} />
                {one.complete && <Tag color="green">含全部需要的数据项</Tag>}
              </div>
              <div className="quiet">
                {one.provider_name} · {one.code}
              </div>
              <Items items={one.items} />
            </div>
          </List.Item>
        )}
      />
      {alike.length > 0 && (
        <>
          <h3 className="small-title">正在办理的相同需求，可以加入</h3>
          <List
            size="small"
            dataSource={alike}
            rowKey="id"
            renderItem={(one) => (
              <List.Item>
                <div>
                  <div className="act-head">
                    <Link to={`/demands/${one.id}`}>{one.name}</Link>
                    <Tag>{demandStates[one.state]}</Tag>
                  </div>
                  <div className="quiet">
                    <DepartmentName id={one.department} /> · {one.why}
                  </div>
                  <Items items={one.items} />
                </div>
              </List.Item>
            )}
          />
        </>
      )}
    </>
  );
}
