import { Alert, Button, Card, Dropdown, Form, Input, Modal, Tabs, Tag } from "antd";
import { useState } from "react";
import { Link, useNavigate, useParams, useSearchParams } from "react-router";
import type { ResourceDetail, Version } from "../api/types";
import { AttributeTag } from "../components/AttributeTag";
import { AddToCart } from "../components/cart/AddToCart";
import { DownloadButton } from "../components/DownloadButton";
import { EntryFacts } from "../components/EntryFacts";
import { ItemTable } from "../components/ItemTable";
import { PageTitle } from "../components/PageTitle";
import { ProblemAlert } from "../components/ProblemAlert";
import { EntryQualityCard } from "../components/quality/EntryQualityCard";
import { Versions } from "../components/versions/Versions";
import { Waiting } from "../components/Waiting";
import { Word } from "../components/Word";
import { useOpenCase } from "../hooks/useCases";
import { useNewVersion, useResource } from "../hooks/useCatalog";
import { useMe } from "../hooks/useMe";
import { useDepartment } from "../hooks/useNames";

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

/** Asks why a new version is made, and makes it. */
function Renew({ resource, onClose }: { resource: string; onClose: () => void }) {
  const navigate = useNavigate();
  const renew = useNewVersion(resource);
  const [reason, setReason] = useState("");
  const make = () => renew.mutate(reason.trim(), { onSuccess: () => void navigate(`/catalog/${resource}/edit`) });
  return (
    <Modal open title="编制新版本" okText="编制" confirmLoading={renew.isPending} onOk={make} onCancel={onClose}>
      <ProblemAlert error={renew.error} />
      <Form layout="vertical" component="div">
        <Form.Item label="理由" htmlFor="renew-reason" extra="已发布的版本继续有效，新版本审核通过后替代它。">
          <Input.TextArea
            id="renew-reason"
            autoFocus
            autoSize={{ minRows: 2 }}
            maxLength={500}
            placeholder="如 机构职责调整，增加两个数据项"
            value={reason}
            onChange={(event) => setReason(event.target.value)}
          />
        </Form.Item>
      </Form>
    </Modal>
  );
}

/** The published entry in forms for machines and spreadsheets. */
function Downloads({ resource }: { resource: string }) {
  return (
    <>
      <DownloadButton from={`/api/v1/catalog/export?published=true&resource=${encodeURIComponent(resource)}`}>
        导出表格
      </DownloadButton>
      <Dropdown
        trigger={["click"]}
        menu={{
          items: [
            { key: "ttl", label: <a href={`/dcat/dataset/${resource}.ttl`} download>Turtle</a> },
            { key: "jsonld", label: <a href={`/dcat/dataset/${resource}.jsonld`} download>JSON-LD</a> },
          ],
        }}
      >
        <Button>DCAT</Button>
      </Dropdown>
    </>
  );
}

function Actions({ detail, onRenew }: { detail: ResourceDetail; onRenew: () => void }) {
  const { resource, published, pending } = detail;
  const me = useMe().data;
  const navigate = useNavigate();
  const open = useOpenCase();
  const own = me?.department.id === resource.provider;
  const clerk = me?.roles.includes("clerk") ?? false;
  const start = (version: Version) =>
    open.mutate(
      { procedure: "catalog_publication", subject: version.id },
      { onSuccess: (view) => void navigate(`/cases/${view.id}`) },
    );
  return (
    <>
      <ProblemAlert error={open.error} />
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
      {own && clerk && published && !pending && <Button onClick={onRenew}>编制新版本</Button>}
      {published?.entry.collection === "hosted_copy" && (
        <Link to={`/catalog/${resource.id}/quality`}>
          <Button>数据质量</Button>
        </Link>
      )}
      {published && <Downloads resource={resource.id} />}
      {published && published.entry.attribute !== "withheld" && <AddToCart resource={resource.id} provider={resource.provider} />}
      {!own && published && published.entry.attribute !== "withheld" && (
        <Link to={`/catalog/${resource.id}/apply`}>
          <Button type="primary">申请共享</Button>
        </Link>
      )}
    </>
  );
}

function Entry({ detail }: { detail: ResourceDetail }) {
  const { resource, published, pending } = detail;
  const me = useMe().data;
  const provider = useDepartment(resource.provider).data;
  const [params, setParams] = useSearchParams();
  const [renewing, setRenewing] = useState(false);
  const shown = published ?? pending;
  const own = me?.department.id === resource.provider;
  const tabs = [
    ...(published ? [{ key: "published", label: `已发布（第 ${published.number} 版）`, children: <VersionPanel version={published} /> }] : []),
    ...(pending ? [{ key: "pending", label: `待发布（第 ${pending.number} 版）`, children: <VersionPanel version={pending} /> }] : []),
    ...(published ? [{ key: "quality", label: "质量", children: <EntryQualityCard resource={resource.id} /> }] : []),
    { key: "versions", label: "版本与比较", children: <Versions resource={resource.id} provider={resource.provider} /> },
  ];
  const chosen = tabs.find(({ key }) => key === params.get("tab")) ?? tabs[0];
  return (
    <>
      <PageTitle
        title={shown?.entry.name || "（未命名）"}
        aside={
          <>
            <AttributeTag attribute={shown?.entry.attribute} />
            {pending && (
              <Tag color="gold">
                <Word of="version_status" code={pending.status} />
              </Tag>
            )}
          </>
        }
        note={`${resource.code} · ${provider?.name ?? ""}`}
        actions={<Actions detail={detail} onRenew={() => setRenewing(true)} />}
      />
      {published && pending && (
        <Alert
          className="gap-below"
          type="info"
          showIcon
          message={
            <>
              第 {pending.number} 版待发布，已发布的第 {published.number} 版继续有效。{" "}
              <Link to={`?tab=versions&from=${published.number}&to=${pending.number}`}>查看改动</Link>
            </>
          }
        />
      )}
      {published?.entry.attribute === "withheld" && !own && (
        <Alert className="gap-below" type="info" showIcon message="该资源为不予共享类，不能申请。" />
      )}
      <Tabs
        activeKey={chosen?.key}
        destroyOnHidden
        onChange={(tab) => setParams(tab === tabs[0]?.key ? {} : { tab }, { replace: true })}
        items={tabs}
      />
      {renewing && <Renew resource={resource.id} onClose={() => setRenewing(false)} />}
    </>
  );
}

/** One catalog entry with its items and versions; from here one applies for it. */
export function EntryPage() {
  const { id } = useParams();
  return <Waiting query={useResource(id)}>{(detail) => <Entry detail={detail} />}</Waiting>;
}
