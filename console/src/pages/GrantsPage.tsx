import { Card } from "antd";
import type { Grant } from "../api/types";
import { GrantTable } from "../components/grant/GrantTable";
import { More } from "../components/More";
import { PageTitle } from "../components/PageTitle";
import { Waiting } from "../components/Waiting";
import { useGrants } from "../hooks/useGrants";

/** Grants that the own department uses, gives or oversees. */
export function GrantsPage() {
  const list = useGrants();
  return (
    <>
      <PageTitle title="授权" note="经同意的共享申请形成授权；超出授权的调用一律拒绝并留痕。" />
      <Waiting<Grant[]> query={{ ...list, data: list.data?.pages.flatMap((page) => page.items) }}>
        {(grants) => (
          <Card styles={{ body: { padding: 0 } }}>
            <GrantTable grants={grants} />
          </Card>
        )}
      </Waiting>
      <More list={list} />
    </>
  );
}
