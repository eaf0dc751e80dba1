import { Card, Radio, Table, Tag, type TableColumnsType } from "antd";
import { Link, useSearchParams } from "react-router";
import type { Person, Version } from "../../api/types";
import { useVersions } from "../../hooks/useCatalog";
import { usePeople } from "../../hooks/useOrg";
import { useMe } from "../../hooks/useMe";
import { pairOf } from "../../words/pair";
import { moment } from "../../words/time";
import { Waiting } from "../Waiting";
import { Word } from "../Word";
import { Difference } from "./Difference";

const colours: Readonly<Record<string, string>> = { published: "green", draft: "gold", submitted: "orange" };

interface Props {
  resource: string;
  provider: string;
}

function Sheet({ resource, versions, people }: { resource: string; versions: readonly Version[]; people: readonly Person[] }) {
  const [params, setParams] = useSearchParams();
  const numbers = versions.map(({ number }) => number);
  const [from, to] = pairOf(numbers, Number(params.get("from")), Number(params.get("to")));
  const choose = (side: "from" | "to", number: number) =>
    setParams(
      (before) => {
        const after = new URLSearchParams(before);
        after.set("from", String(side === "from" ? number : from));
        after.set("to", String(side === "to" ? number : to));
        return after;
      },
      { replace: true },
    );
  const name = (id: string | undefined) => people.find((person) => person.id === id)?.name;
  const columns: TableColumnsType<Version> = [
    {
      title: "比较",
      key: "pair",
      width: 96,
      render: (_, { number }) => (
        <>
          <Radio aria-label={`原来：第 ${number} 版`} checked={number === from} disabled={number === to} onChange={() => choose("from", number)} />
          <Radio aria-label={`改为：第 ${number} 版`} checked={number === to} disabled={number === from} onChange={() => choose("to", number)} />
        </>
      ),
    },
    {
      title: "版本",
      key: "number",
      render: (_, version) => (
        <>
          第 {version.number} 版{" "}
          <Tag color={colours[version.status]}>
            <Word of="version_status" code={version.status} />
          </Tag>
        </>
      ),
    },
    { title: "编制", key: "who", render: (_, { created_by, created_at }) => <>{name(created_by)} <span className="day">{moment(created_at)}</span></> },
    { title: "理由", key: "why", render: (_, { reason }) => reason || <span className="quiet">—</span> },
    { title: "发布", key: "published", responsive: ["md"], render: (_, { published_at }) => (published_at ? moment(published_at) : "—") },
    { title: "审核", key: "case", responsive: ["md"], render: (_, version) => (version.case ? <Link to={`/cases/${version.case}`}>办理过程</Link> : "—") },
  ];
  return (
    <>
      <Card size="small" className="panel" styles={{ body: { padding: 0 } }}>
        <Table<Version> rowKey="id" size="small" columns={columns} dataSource={[...versions].reverse()} pagination={versions.length > 10 ? { pageSize: 10 } : false} />
      </Card>
      {from > 0 && to > 0 && (
        <Card size="small" title={`第 ${from} 版 → 第 ${to} 版`}>
          <Difference resource={resource} from={from} to={to} />
        </Card>
      )}
      {versions.length === 1 && <p className="quiet">只有一个版本，没有可以比较的。</p>}
    </>
  );
}

/** The versions of an entry, with who made each, when and why, and what differs between any two. */
export function Versions({ resource, provider }: Props) {
  const own = useMe().data?.department.id === provider;
  // Names of persons are for their own department; others see when and why.
  const people = usePeople(provider, own);
  return (
    <Waiting query={useVersions(resource)}>
      {(versions) => <Sheet resource={resource} versions={versions} people={people.data ?? []} />}
    </Waiting>
  );
}
