import { Card, Empty, List } from "antd";
import { Link } from "react-router";
import { ClauseTag } from "../components/ClauseTag";
import { PageTitle } from "../components/PageTitle";
import { TodoTable } from "../components/TodoTable";
import { Waiting } from "../components/Waiting";
import { useNotices, useTodos } from "../hooks/useWork";
import { moment } from "../words/time";

/** What waits for the reader, by when and under which clause; below it, what happened. */
export function TodosPage() {
  const todos = useTodos();
  const notices = useNotices();
  const late = todos.data?.items.filter((todo) => todo.overdue).length ?? 0;
  const note = todos.data
    ? `共 ${todos.data.items.length} 件待办${late > 0 ? `，其中 ${late} 件已逾期` : ""}`
    : undefined;
  return (
    <>
      <PageTitle title="待办" note={note} />
      <Waiting query={todos}>
        {(data) => (
          <Card className="panel" styles={{ body: { padding: 0 } }}>
            <TodoTable todos={data.items} />
          </Card>
        )}
      </Waiting>
      <Card title="通知" size="small">
        <Waiting query={notices}>
          {(data) => (
            <List
              dataSource={data.items}
              rowKey="id"
              locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="没有通知" /> }}
              renderItem={(notice) => (
                <List.Item extra={<ClauseTag clause={notice.clause} />}>
                  <List.Item.Meta
                    title={<Link to={`/cases/${notice.case}`}>{notice.text}</Link>}
                    description={moment(notice.at)}
                  />
                </List.Item>
              )}
            />
          )}
        </Waiting>
      </Card>
    </>
  );
}
