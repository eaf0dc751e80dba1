import { Alert, Progress } from "antd";
import { useResources } from "../../hooks/useCatalog";
import { useSearchStatus } from "../../hooks/useSearch";
import { More } from "../More";
import { ResourceTable } from "../ResourceTable";
import { Waiting } from "../Waiting";

/** What stands in for the result while the index is being built: how far it is, and the plain list meanwhile. */
export function Building() {
  const status = useSearchStatus().data;
  const list = useResources({});
  const percent = status?.of ? Math.floor((100 * (status.done ?? 0)) / status.of) : undefined;
  return (
    <>
      <Alert
        className="gap-below"
        type="info"
        showIcon
        role="status"
        message="索引建立中，检索稍后自动进行；在此之前可以浏览下面的目录列表。"
        description={percent !== undefined && <Progress percent={percent} size="small" status="active" />}
      />
      <Waiting query={{ ...list, data: list.data?.pages.flatMap((page) => page.items) }}>
        {(resources) => <ResourceTable resources={resources} />}
      </Waiting>
      <More list={list} />
    </>
  );
}
