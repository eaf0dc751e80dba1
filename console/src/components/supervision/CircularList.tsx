import { Card, Empty, List, Space, Tag } from "antd";
import { Link } from "react-router";
import type { Circular } from "../../api/types";
import { useCirculars } from "../../hooks/useSupervision";
import { circularKinds, word } from "../../words/labels";
import { moment } from "../../words/time";
import { LawClause } from "../LawClause";
import { More } from "../More";
import { Waiting } from "../Waiting";

/** Circulars to the territory, newest first. */
export function CircularList() {
  const list = useCirculars();
  return (
    <Card size="small">
      <Waiting<Circular[]> query={{ ...list, data: list.data?.pages.flatMap((page) => page.items) }}>
        {(circulars) => (
          <List
            itemLayout="vertical"
            dataSource={circulars}
            rowKey="id"
            locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="没有通报" /> }}
            renderItem={(one) => (
              <List.Item>
                <List.Item.Meta
                  title={
                    <Space size={6} wrap>
                      <Link to={`/cases/${one.case}`}>{one.title}</Link>
                      <Tag color={one.kind === "criticism" ? "red" : one.kind === "commendation" ? "green" : "blue"}>
                        {word(circularKinds, one.kind)}
                      </Tag>
                      {one.clauses.map((clause) => (
                        <LawClause key={clause} clause={clause} />
                      ))}
                    </Space>
                  }
                  description={`${one.number} · ${one.issuer_name} · ${moment(one.published_at)}`}
                />
                <p className="told">{one.text}</p>
              </List.Item>
            )}
          />
        )}
      </Waiting>
      <More list={list} />
    </Card>
  );
}
