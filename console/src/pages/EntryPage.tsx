import { Alert, Button, Card, Tabs, Tag } from "antd";
import { Link, useNavigate, useParams } from "react-router";
import type { ResourceDetail, Version } from "../api/types";
import { AttributeTag } from "../components/AttributeTag";
import { EntryFacts } from "../components/EntryFacts";
import { ItemTable } from "../components/ItemTable";
import { PageTitle } from "../components/PageTitle";
import { ProblemAlert } from "../components/ProblemAlert";
import { Waiting } from "../components/Waiting";
import { useOpenCase } from "../hooks/useCases";
import { useNewVersion, useResource } from "../hooks/useCatalog";
import { useMe } from "../hooks/useMe";
import { useDepartment } from "../hooks/useNames";
import { versionStates, word } from "../words/labels";

function VersionPanel({ version }: { version: Version }) {
  return (
    <>
      <Card className="panel" size="small" title="基本信息">
        <EntryFacts version={version} />
      </Card>
      <Card size="small" title={`数据项（${version.entry.items?.length ?? 0}）`} styles={{ body: { padding: 0 } }}>
        <ItemTable items={version.entry.items ?? []} />
      </Card>
    </>
  );
}

function Entry({ detail }: { detail: ResourceDetail }) {
  const { resource, published, pending } = detail;
  const me = useMe().data;
  const provider = useDepartment(resource.provider).data;
  const navigate = useNavigate();
  const open = useOpenCase();
  const renew = useNewVersion(resource.id);
  const shown = published ?? pending;
  const own = me?.department.id === resource.provider;
  const clerk = me?.roles.includes("clerk") ?? false;
  const start = (version: Version) =>
    open.mutate(
      { procedure: "catalog_publication", subject: version.id },
      { onSuccess: (view) => void navigate(`/cases/${view.id}`) },
    );
  const tabs = [
    { version: published, name: "已发布" },
    { version: pending, name: "待发布" },
  ].flatMap(({ version, name }) =>
    version
      ? [{ key: name, label: `${name}（第 ${version.number} 版）`, children: <VersionPanel version={version} /> }]
      : [],
  );
  return (
    <>
      <PageTitle
        title={shown?.entry.name || "（未命名）"}
        aside={
          <>
            <AttributeTag attribute={shown?.entry.attribute} />
            {pending && <Tag color="gold">{word(versionStates, pending.status)}</Tag>}
          </>
        }
        note={`${resource.code} · ${provider?.name ?? ""}`}
        actions={
          <>
            {own && clerk && pending?.status === "draft" && (
              <>
                <Link to={`/catalog/${resource.id}/edit`}>
                  <Button>修改草稿</Button>
                </Link>
                {!pending.case && (
                  <Button type="primary" loading={open.isPending} onClick={() => start(pending)}>
                    启动编制流程
                  </Button>
                )}
              </>
            )}
            {pending?.case && (
              <Link to={`/cases/${pending.case}`}>
                <Button>查看编制流程</Button>
              </Link>
            )}
            {own && clerk && published && !pending && (
              <Button
                loading={renew.isPending}
                onClick={() =>
                  renew.mutate(undefined, { onSuccess: () => void navigate(`/catalog/${resource.id}/edit`) })
                }
              >
                编制新版本
              </Button>
            )}
            {published?.entry.collection === "hosted_copy" && (
              <Link to={`/catalog/${resource.id}/quality`}>
                <Button>数据质量</Button>
              </Link>
            )}
            {!own && published && published.entry.attribute !== "withheld" && (
              <Link to={`/catalog/${resource.id}/apply`}>
                <Button type="primary">申请共享</Button>
              </Link>
            )}
          </>
        }
      />
      <ProblemAlert error={open.error ?? renew.error} />
      {published?.entry.attribute === "withheld" && !own && (
        <Alert className="gap-below" type="info" showIcon message="该资源为不予共享类，不能申请。" />
      )}
      {tabs.length === 1 ? tabs[0]?.children : <Tabs items={tabs} />}
    </>
  );
}

/** One catalog entry with its items; from here one applies for it. */
export function EntryPage() {
  const { id } = useParams();
  return <Waiting query={useResource(id)}>{(detail) => <Entry detail={detail} />}</Waiting>;
}
