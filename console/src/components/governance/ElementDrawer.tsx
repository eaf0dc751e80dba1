import { Drawer, Empty, List, Tag } from "antd";
import { Link } from "react-router";
import { useElementSources } from "../../hooks/useGovernance";
import { day } from "../../words/time";
import { DepartmentName } from "../DepartmentName";
import { More } from "../More";
import { RegionName } from "../RegionName";
import { Waiting } from "../Waiting";
import { StartLink } from "./StartLink";

/** Who publishes an element, who is its source, and where they contradict. */
export function ElementDrawer({ element, onClose }: { element: string; onClose: () => void }) {
  const found = useElementSources(element);
  const first = found.data?.pages[0];
  return (
    <Drawer open width={640} title={`标准数据元 ${element}`} onClose={onClose}>
      <Waiting query={{ ...found, data: first }}>
        {(sheet) => (
          <>
            <h2 className="small-title">
              {sheet.name || "（未登记的数据元）"} {sheet.conflict && <Tag color="red">权威来源有冲突</Tag>}
            </h2>
            <dl className="act-fields">
              <dt>数源部门</dt>
              <dd>
                {sheet.source ? (
                  <>
                    <DepartmentName id={sheet.source.department} />（{day(sheet.source.designated_at)}，
                    <Link to={`/cases/${sheet.source.case}`}>办件</Link>）
                  </>
                ) : (
                  "尚未明确"
                )}
              </dd>
              {sheet.earlier.length > 0 && (
                <>
                  <dt>以前</dt>
                  <dd>
                    {sheet.earlier.map((one) => (
                      <div key={one.id}>
                        <DepartmentName id={one.department} />（{day(one.designated_at)} 至 {day(one.ended_at)}）
                      </div>
                    ))}
                  </dd>
                </>
              )}
            </dl>
            <div className="buttons gap-above">
              <StartLink procedure="source_designation" subject={element} />
            </div>
            <h3 className="small-title">提供部门（{sheet.departments.length}）</h3>
            <List
              size="small"
              dataSource={sheet.departments}
              rowKey="department"
              locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="没有部门提供" /> }}
              renderItem={(one) => (
                <List.Item extra={one.authoritative > 0 && <Tag color="blue">标为权威来源</Tag>}>
                  <List.Item.Meta
                    title={<DepartmentName id={one.department} />}
                    description={
                      <>
                        <RegionName code={one.region} /> · {one.resources} 个目录条目，{one.items} 个数据项
                      </>
                    }
                  />
                </List.Item>
              )}
            />
            {sheet.departments.length > 0 && (
              <>
                <h3 className="small-title">数据项</h3>
                <List
                  size="small"
                  dataSource={found.data?.pages.flatMap((page) => page.items) ?? []}
                  rowKey={(one) => `${one.resource}/${one.code}`}
                  renderItem={(one) => (
                    <List.Item extra={one.authoritative && <Tag color="blue">权威来源</Tag>}>
                      <List.Item.Meta
                        title={
                          <>
                            {one.name} <code>{one.code}</code>
                          </>
                        }
                        description={<Link to={`/catalog/${one.resource}`}>{one.resource_name}</Link>}
                      />
                    </List.Item>
                  )}
                />
              </>
            )}
            <More list={found} />
          </>
        )}
      </Waiting>
    </Drawer>
  );
}
