import { App, Button, Card, Empty, List, Popconfirm, Tag } from "antd";
import { useState } from "react";
import type { Credential, System } from "../../api/types";
import { problemOf } from "../../api/problem";
import { useSystems } from "../../hooks/useNames";
import { useRevokeCredential } from "../../hooks/useOrg";
import { day } from "../../words/time";
import { Waiting } from "../Waiting";
import { mlpsWords } from "./mlps";
import { CertificateDialog, MLPSDialog, NewSystemDialog } from "./SystemForms";

const kinds: Readonly<Record<string, string>> = { cert: "双向 TLS 证书", jwk: "客户端断言公钥" };

function CredentialLine({ system, credential, mayManage }: { system: System; credential: Credential; mayManage: boolean }) {
  const revoke = useRevokeCredential(system.id);
  const { message } = App.useApp();
  const over = new Date(credential.not_after) <= new Date();
  return (
    <div className="act-head">
      <span>{kinds[credential.kind] ?? credential.kind}</span>
      <code title="公钥指纹">{credential.thumb}</code>
      {credential.revoked_at ? (
        <Tag>{day(credential.revoked_at)} 吊销</Tag>
      ) : (
        <>
          <Tag color={over ? "red" : "green"}>
            {over ? "已于" : "至"} {day(credential.not_after)} {over ? "到期" : ""}
          </Tag>
          {mayManage && (
            <Popconfirm
              title="吊销此凭证？"
              description="立即生效，不能恢复；系统须另行登记凭证才能调用。"
              okText="吊销"
              okButtonProps={{ danger: true }}
              cancelText="不"
              onConfirm={() => revoke.mutate(credential.id, { onError: (error) => void message.error(problemOf(error).message) })}
            >
              <Button size="small" type="link" danger loading={revoke.isPending}>
                吊销
              </Button>
            </Popconfirm>
          )}
        </>
      )}
    </div>
  );
}

type Asked = { kind: "new" } | { kind: "mlps" | "cert"; system: System };

function SystemLine({ system, mayManage, onAsk }: { system: System; mayManage: boolean; onAsk: (asked: Asked) => void }) {
  const mlps = mlpsWords(system.mlps, new Date());
  return (
    <List.Item
      actions={
        mayManage
          ? [
              <Button key="mlps" size="small" onClick={() => onAsk({ kind: "mlps", system })}>
                备案等保测评
              </Button>,
              <Button key="cert" size="small" onClick={() => onAsk({ kind: "cert", system })}>
                登记证书
              </Button>,
            ]
          : undefined
      }
    >
      <List.Item.Meta
        title={
          <span className="act-head">
            {system.name}
            <Tag color={mlps.color}>{mlps.text}</Tag>
            {system.disabled_at && <Tag color="red">{day(system.disabled_at)} 停用</Tag>}
          </span>
        }
        description={system.mlps && `测评报告 ${system.mlps.report_no}，${system.mlps.assessed_by}`}
      />
      {system.credentials.length === 0 && <span className="quiet">尚未登记证书，不能调用。</span>}
      {system.credentials.map((credential) => (
        <CredentialLine key={credential.id} system={system} credential={credential} mayManage={mayManage} />
      ))}
    </List.Item>
  );
}

/** Systems of a department, what proves them, and their classified protection (XN-21). */
export function SystemsCard({ department, mayManage }: { department: string; mayManage: boolean }) {
  const [asked, setAsked] = useState<Asked>();
  const close = () => setAsked(undefined);
  return (
    <Card
      size="small"
      title="信息系统"
      extra={
        mayManage && (
          <Button size="small" onClick={() => setAsked({ kind: "new" })}>
            登记系统
          </Button>
        )
      }
    >
      {!mayManage && <p className="quiet">由本部门系统对接人员或者平台管理员登记。</p>}
      <Waiting query={useSystems(department)}>
        {({ items }) => (
          <List
            itemLayout="vertical"
            dataSource={items}
            rowKey="id"
            locale={{ emptyText: <Empty image={Empty.PRESENTED_IMAGE_SIMPLE} description="尚未登记信息系统" /> }}
            renderItem={(system) => <SystemLine system={system} mayManage={mayManage} onAsk={setAsked} />}
          />
        )}
      </Waiting>
      {asked?.kind === "new" && <NewSystemDialog onClose={close} />}
      {asked?.kind === "mlps" && <MLPSDialog system={asked.system} onClose={close} />}
      {asked?.kind === "cert" && <CertificateDialog system={asked.system} onClose={close} />}
    </Card>
  );
}
