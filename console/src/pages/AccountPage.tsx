import { Button, Card, Descriptions, Popconfirm } from "antd";
import { PasswordCard } from "../components/account/PasswordCard";
import { TOTPCard } from "../components/account/TOTPCard";
import { PageTitle } from "../components/PageTitle";
import { ProblemAlert } from "../components/ProblemAlert";
import { useEndSessions } from "../hooks/useAccount";
import { useMe } from "../hooks/useMe";
import { roles, word } from "../words/labels";

/** The reader's own account: who, password, one-time code, sessions. */
export function AccountPage() {
  const me = useMe().data;
  const end = useEndSessions();
  if (!me) return null;
  return (
    <div className="form-narrow">
      <PageTitle title="我的账户" />
      <Card size="small" className="panel">
        <Descriptions
          size="small"
          column={{ xs: 1, sm: 2, md: 2, lg: 2, xl: 2, xxl: 2 }}
          items={[
            { key: "name", label: "姓名", children: me.person.name },
            { key: "username", label: "用户名", children: me.person.username },
            { key: "department", label: "部门", children: me.department.name },
            { key: "roles", label: "角色", children: me.roles.map((role) => word(roles, role)).join("、") },
          ]}
        />
      </Card>
      <PasswordCard />
      <TOTPCard />
      <Card size="small" title="登录">
        <p className="quiet">30 分钟不操作，或者登录满 12 小时，登录自动结束。怀疑账号在他处登录的，可以全部结束。</p>
        <ProblemAlert error={end.error} />
        <Popconfirm
          title="结束本人在所有设备上的登录？"
          description="包括本页，须重新登录。"
          okText="全部结束"
          cancelText="不"
          onConfirm={() => end.mutate()}
        >
          <Button loading={end.isPending}>结束全部登录</Button>
        </Popconfirm>
      </Card>
    </div>
  );
}
