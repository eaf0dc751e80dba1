import { FilterOutlined, PlusOutlined, ShoppingCartOutlined } from "@ant-design/icons";
import { App, Button, Card, Dropdown, Segmented } from "antd";
import { useState } from "react";
import { Link, useSearchParams } from "react-router";
import { problemOf } from "../api/problem";
import type { Me, SearchHit, SearchResult } from "../api/types";
import { DownloadButton } from "../components/DownloadButton";
import { More } from "../components/More";
import { PageTitle } from "../components/PageTitle";
import { ProblemAlert } from "../components/ProblemAlert";
import { Building } from "../components/search/Building";
import { Chosen } from "../components/search/Chosen";
import { Facets } from "../components/search/Facets";
import { Hits } from "../components/search/Hits";
import { Nothing } from "../components/search/Nothing";
import { SearchBox } from "../components/search/SearchBox";
import { StartingUp } from "../components/StartingUp";
import { usePutIntoCart } from "../hooks/useCart";
import { useMe } from "../hooks/useMe";
import { isBuilding, useSearch } from "../hooks/useSearch";
import { conditionsOf, exportOf, paramsOf, searchOf, type Search } from "../words/search";

/** What the reader may do from here. */
function mayOf(me: Me | null | undefined) {
  const has = (...roles: string[]) => roles.some((role) => me?.roles.includes(role));
  return { apply: has("clerk", "office_head"), write: has("clerk"), reverse: has("clerk", "engineer", "office_head") };
}

function Summary({ result }: { result: SearchResult }) {
  const split = result.split ?? [];
  const synonyms = result.synonyms ?? [];
  return (
    <div className="quiet hit-summary" role="status">
      {result.total_exact ? "" : "约 "}
      {result.total.toLocaleString("zh-CN")} 条
      {split.length > 0 && `；没有整词的结果，已按 ${split.map((part) => `“${part}”`).join(" ")} 检索`}
      {synonyms.length > 0 && `；同时检索了同义词 ${synonyms.join("、")}`}
    </div>
  );
}

/** The result as a table in the form of the import template; only what the export can be narrowed by is offered. */
function Export({ search }: { search: Search }) {
  const to = exportOf(search);
  return to ? (
    <DownloadButton type="link" size="small" from={to}>
      导出表格
    </DownloadButton>
  ) : null;
}

/** Puts what is ticked into the data cart, and leads there. */
function IntoCart({ picked, onDone }: { picked: readonly string[]; onDone: () => void }) {
  const { message } = App.useApp();
  const put = usePutIntoCart();
  const add = async () => {
    const results = await Promise.allSettled(picked.map((resource) => put.mutateAsync({ resource, choice: {} })));
    const refused = results.flatMap((one) => (one.status === "rejected" ? [problemOf(one.reason).message] : []));
    if (refused.length > 0) void message.error(`${refused.length} 个未能加入：${[...new Set(refused)].join("；")}`, 8);
    if (refused.length < picked.length) {
      void message.success(`已加入数据车 ${picked.length - refused.length} 个，可由右上角的数据车提出申请`, 6);
      onDone();
    }
  };
  return (
    <Button icon={<ShoppingCartOutlined />} loading={put.isPending} onClick={() => void add()}>
      加入数据车（{picked.length}）
    </Button>
  );
}

function Actions({ me, picked, onDone }: { me: Me | null | undefined; picked: readonly string[]; onDone: () => void }) {
  const may = mayOf(me);
  const ways = [
    ...(may.write ? [{ key: "import", label: <Link to="/imports">表格导入</Link> }] : []),
    ...(may.reverse ? [{ key: "reverse", label: <Link to="/reverse">反向编目</Link> }] : []),
  ];
  return (
    <>
      {picked.length > 0 && <IntoCart picked={picked} onDone={onDone} />}
      {ways.length > 0 && (
        <Dropdown menu={{ items: ways }} trigger={["click"]}>
          <Button>批量编目</Button>
        </Dropdown>
      )}
      {may.write && (
        <Link to="/catalog/new">
          <Button type="primary" icon={<PlusOutlined />}>
            编制目录
          </Button>
        </Link>
      )}
    </>
  );
}

/** The catalog: one search box, facets, and what was found as far as the reader may see it. */
export function CatalogPage() {
  const me = useMe().data;
  const [params, setParams] = useSearchParams();
  const search = searchOf(params);
  const found = useSearch(search);
  const [picked, setPicked] = useState<ReadonlySet<string>>(new Set());
  const [facetsOpen, setFacetsOpen] = useState(false);
  const may = mayOf(me);
  // The search lives in the address, so that going back finds the list as it was left. Typing makes no history.
  const change = (to: Search, replace = false) => setParams(paramsOf(to), { replace });
  const pages = found.data?.pages ?? [];
  const first = pages[0];
  const hits = pages.flatMap((page) => page.hits);
  const own = me?.department.id;
  const onlyOwn = own !== undefined && search.many.provider?.length === 1 && search.many.provider[0] === own;
  const pick = (resource: string, to: boolean) =>
    setPicked((before) => {
      const after = new Set(before);
      if (to) after.add(resource);
      else after.delete(resource);
      return after;
    });
  const pickable = (hit: SearchHit) =>
    may.apply && hit.state === "published" && hit.attribute !== "withheld" && hit.provider !== own;
  const conditions = conditionsOf(search);
  // With nothing to choose from there is no column for it.
  const bare = conditions === 0 && first?.facets.every((facet) => facet.counts.length === 0);
  return (
    <>
      <PageTitle title="政务数据目录" actions={<Actions me={me} picked={[...picked]} onDone={() => setPicked(new Set())} />} />
      <div className="filters" role="search">
        <div className="search-box">
          <SearchBox value={search.q} busy={found.isFetching && !found.isFetchingNextPage} onSearch={(q) => change({ ...search, q }, true)} />
        </div>
        <Segmented
          aria-label="范围"
          value={onlyOwn ? "own" : "all"}
          onChange={(value) => change({ ...search, many: { ...search.many, provider: value === "own" && own ? [own] : undefined } })}
          options={[
            { value: "all", label: "全部目录" },
            { value: "own", label: "本部门" },
          ]}
        />
        <Button className="facets-open" icon={<FilterOutlined />} aria-expanded={facetsOpen} onClick={() => setFacetsOpen(!facetsOpen)}>
          筛选{conditions > 0 ? `（${conditions}）` : ""}
        </Button>
      </div>
      {isBuilding(found.error) ? (
        <Building />
      ) : found.error ? (
        <ProblemAlert error={found.error} onRetry={() => void found.refetch()} />
      ) : !first ? (
        <StartingUp />
      ) : (
        <div className={bare ? "search-columns search-columns-bare" : "search-columns"}>
          {!bare && (
            <aside className={facetsOpen ? "facets facets-shown" : "facets"} aria-label="筛选">
              <Facets facets={first.facets} search={search} onChange={change} />
            </aside>
          )}
          <div aria-busy={found.isPlaceholderData}>
            <Chosen search={search} facets={first.facets} onChange={change} />
            <div className="result-head">
              <Summary result={first} />
              {first.total > 0 && <Export search={search} />}
            </div>
            <Card styles={{ body: { padding: 0 } }} className={found.isPlaceholderData ? "panel stale" : "panel"}>
              {hits.length > 0 ? (
                <Hits hits={hits} picked={picked} pickable={pickable} onPick={pick} />
              ) : (
                <Nothing search={search} onChange={change} />
              )}
            </Card>
            <More list={found} />
          </div>
        </div>
      )}
    </>
  );
}
