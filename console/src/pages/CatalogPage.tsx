import { PlusOutlined } from "@ant-design/icons";
import { Button, Card, Input, Segmented, Select } from "antd";
import { useState } from "react";
import { Link, useSearchParams } from "react-router";
import type { ResourceSummary } from "../api/types";
import { More } from "../components/More";
import { PageTitle } from "../components/PageTitle";
import { ResourceTable } from "../components/ResourceTable";
import { Waiting } from "../components/Waiting";
import { useResources, type CatalogFilter } from "../hooks/useCatalog";
import { useMe } from "../hooks/useMe";
import { attributes, options } from "../words/labels";

const attributeOptions = options(attributes);

/** The catalog: what every department has published, or what the own department has. */
export function CatalogPage() {
  const me = useMe().data;
  const [search, setSearch] = useSearchParams();
  const [typed, setTyped] = useState(search.get("q") ?? "");
  const [picked, setPicked] = useState<string[]>([]);
  const own = search.get("own") === "1";
  const applies = me?.roles.some((role) => role === "clerk" || role === "office_head") ?? false;
  const attribute = search.get("attribute") ?? undefined;
  // The filter lives in the address, so that going back finds the list as it was left.
  const change = (key: string, value: string | undefined) =>
    setSearch(
      (before) => {
        const after = new URLSearchParams(before);
        if (value) after.set(key, value);
        else after.delete(key);
        return after;
      },
      { replace: true },
    );
  const list = useResources({
    q: search.get("q") || undefined,
    attribute: attribute as CatalogFilter["attribute"],
    mine: own || undefined,
  });
  return (
    <>
      <PageTitle
        title="政务数据目录"
        actions={
          <>
            {applies && picked.length > 0 && (
              <Link to="/bulk-apply" state={{ resources: picked }}>
                <Button>批量申请（{picked.length}）</Button>
              </Link>
            )}
            {me?.roles.includes("clerk") && (
              <Link to="/catalog/new">
                <Button type="primary" icon={<PlusOutlined />}>
                  编制目录
                </Button>
              </Link>
            )}
          </>
        }
      />
      <div className="filters" role="search">
        <Segmented
          value={own ? "own" : "all"}
          onChange={(value) => change("own", value === "own" ? "1" : undefined)}
          options={[
            { value: "all", label: "已发布" },
            { value: "own", label: "本部门" },
          ]}
        />
        <Input.Search
          className="grow"
          aria-label="搜索目录"
          placeholder="名称、代码、摘要、数据项或部门"
          allowClear
          value={typed}
          onChange={(event) => setTyped(event.target.value)}
          onSearch={(text) => change("q", text.trim() || undefined)}
        />
        <Select
          aria-label="共享属性"
          placeholder="共享属性"
          allowClear
          style={{ minWidth: 140 }}
          value={attribute}
          options={attributeOptions}
          onChange={(value?: string) => change("attribute", value)}
        />
      </div>
      <Waiting<ResourceSummary[]>
        query={{ ...list, data: list.data?.pages.flatMap((page) => page.items) }}
      >
        {(resources) => (
          <Card styles={{ body: { padding: 0 } }}>
            <ResourceTable
              resources={resources}
              picked={applies && !own ? picked : undefined}
              onPick={setPicked}
              pickable={(line) => line.attribute !== "withheld" && line.resource.provider !== me?.department.id}
            />
          </Card>
        )}
      </Waiting>
      <More list={list} />
    </>
  );
}
