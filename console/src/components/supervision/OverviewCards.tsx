import { Card, Empty, List } from "antd";
import type { Overview } from "../../api/types";
import { moment } from "../../words/time";
import { ClauseTag } from "../ClauseTag";

const none = (words: string) => ({ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description={words} /> });

/** Who is late, and what is not yet mended, at a glance. */
export function OverviewCards({ overview }: { overview: Overview }) {
  return (
    <div className="panels">
      <Card size="small" title="逾期的部门">
        <List
          size="small"
          dataSource={overview.departments}
          rowKey="department"
          locale={none("没有逾期")}
          renderItem={(line) => (
            <List.Item extra={<strong>{line.late} 项</strong>}>
              <List.Item.Meta title={line.name} description={`最早 ${moment(line.oldest)} 届满`} />
            </List.Item>
          )}
        />
      </Card>
      <Card size="small" title="未办结的责令改正">
        <List
          size="small"
          dataSource={overview.open}
          rowKey="clause"
          locale={none("没有未办结的责令改正")}
          renderItem={(line) => (
            <List.Item extra={<strong>{line.count} 件</strong>}>
              <ClauseTag clause={line.clause} article={line.article} />
            </List.Item>
          )}
        />
      </Card>
    </div>
  );
}
