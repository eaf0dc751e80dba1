import { Empty, Space, Table, type TableColumnsType } from "antd";
import { Link } from "react-router";
import type { Todo } from "../api/types";
import { ClauseTag } from "./ClauseTag";
import { DueTag } from "./DueTag";

function Due({ todo }: { todo: Todo }) {
  if (!todo.last_day) return <span className="quiet">无法定期限</span>;
  return (
    <Space size={6} wrap>
      <span style={{ whiteSpace: "nowrap" }}>{todo.last_day}</span>
      <DueTag
        term={{
          lastDay: todo.last_day,
          workingDaysLeft: todo.working_days_left ?? 0,
          overdue: todo.overdue,
        }}
      />
    </Space>
  );
}

const columns: TableColumnsType<Todo> = [
  {
    title: "事项",
    key: "title",
    render: (_, todo) => (
      <>
        <Link to={`/cases/${todo.case.id}`}>{todo.case.title || todo.case.number}</Link>
        <div className="quiet">{todo.case.number}</div>
      </>
    ),
  },
  { title: "流程", dataIndex: "procedure_name", key: "procedure", responsive: ["lg"] },
  { title: "环节", dataIndex: "stage_name", key: "stage", responsive: ["sm"] },
  { title: "办理身份", dataIndex: "relation_name", key: "relation", responsive: ["xl"] },
  { title: "期限", key: "due", render: (_, todo) => <Due todo={todo} /> },
  {
    title: "依据",
    key: "clause",
    responsive: ["md"],
    render: (_, todo) => <ClauseTag clause={todo.clause} article={todo.article} />,
  },
];

/** To-dos, most urgent first as the server sorts them. */
export function TodoTable({ todos }: { todos: Todo[] }) {
  return (
    <Table<Todo>
      rowKey={(todo) => `${todo.case.id}/${todo.relation}`}
      columns={columns}
      dataSource={todos}
      size="middle"
      pagination={todos.length > 20 ? { pageSize: 20, showSizeChanger: false } : false}
      locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="没有待办事项" /> }}
    />
  );
}
