import { App, Button, Card, Empty, Popconfirm, Space, Table, Tag, type TableColumnsType } from "antd";
import { useState } from "react";
import type { Person } from "../../api/types";
import { problemOf } from "../../api/problem";
import { usePeople, useResetTOTP } from "../../hooks/useOrg";
import { roles, word } from "../../words/labels";
import { day } from "../../words/time";
import { Waiting } from "../Waiting";
import { PersonModal } from "./PersonModal";

const columns: TableColumnsType<Person> = [
  {
    title: "姓名",
    key: "name",
    render: (_, person) => (
      <>
        {person.name} {person.disabled && <Tag>已停用</Tag>}
        <div className="quiet">{person.username}</div>
      </>
    ),
  },
  { title: "角色", key: "roles", render: (_, person) => person.roles.map((role) => word(roles, role)).join("、") },
  { title: "开户", key: "created", responsive: ["md"], render: (_, person) => day(person.created_at) },
];

/** People of a department with their roles; an administrator changes them. */
export function PeopleCard({ department, mayManage }: { department: string; mayManage: boolean }) {
  const [chosen, setChosen] = useState<{ person?: Person }>();
  const reset = useResetTOTP();
  const { message } = App.useApp();
  const unbind = (person: Person) =>
    reset.mutate(person.id, {
      onSuccess: () => void message.success(`已解除${person.name}的动态口令`),
      onError: (error) => void message.error(problemOf(error).message),
    });
  const actions: TableColumnsType<Person> = [
    {
      title: "办理",
      key: "actions",
      render: (_, person) => (
        <Space wrap>
          <Button size="small" onClick={() => setChosen({ person })}>
            修改
          </Button>
          <Popconfirm
            title={`解除${person.name}的动态口令？`}
            description="设备遗失时使用；本人的登录立即失效。"
            okText="解除"
            cancelText="不"
            onConfirm={() => unbind(person)}
          >
            <Button size="small">解除动态口令</Button>
          </Popconfirm>
        </Space>
      ),
    },
  ];
  return (
    <Card
      size="small"
      title="人员与角色"
      styles={{ body: { padding: 0 } }}
      extra={
        mayManage && (
          <Button size="small" onClick={() => setChosen({})}>
            开设账号
          </Button>
        )
      }
    >
      <Waiting query={usePeople(department)}>
        {(people) => (
          <Table<Person>
            rowKey="id"
            columns={mayManage ? [...columns, ...actions] : columns}
            dataSource={people}
            size="middle"
            pagination={people.length > 20 ? { pageSize: 20, showSizeChanger: false } : false}
            locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="没有人员" /> }}
          />
        )}
      </Waiting>
      {chosen && <PersonModal department={department} person={chosen.person} onClose={() => setChosen(undefined)} />}
    </Card>
  );
}
