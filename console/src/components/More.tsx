import { Button } from "antd";

interface Paged {
  hasNextPage: boolean;
  isFetchingNextPage: boolean;
  fetchNextPage: () => unknown;
}

/** Fetches the next page of a list, when there is one. */
export function More({ list }: { list: Paged }) {
  if (!list.hasNextPage) return null;
  return (
    <div className="more">
      <Button loading={list.isFetchingNextPage} onClick={() => void list.fetchNextPage()}>
        显示更多
      </Button>
    </div>
  );
}
