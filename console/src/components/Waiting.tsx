import { Skeleton } from "antd";
import type { ReactNode } from "react";
import { ProblemAlert } from "./ProblemAlert";

interface Loading<T> {
  data: T | undefined;
  error: Error | null;
  refetch: () => unknown;
}

interface Props<T> {
  query: Loading<T>;
  children: (data: T) => ReactNode;
}

/** Shows a skeleton while something is fetched, the refusal when it failed, and else the thing. */
export function Waiting<T>({ query, children }: Props<T>) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.error) return <ProblemAlert error={query.error} onRetry={() => void query.refetch()} />;
  return <Skeleton active paragraph={{ rows: 6 }} aria-label="正在加载" />;
}
