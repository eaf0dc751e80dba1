import { Button } from "antd";
import { Link } from "react-router";
import type { Grant } from "../../api/types";
import { useMe } from "../../hooks/useMe";
import { useStarts } from "../../hooks/useStarts";
import { disputeStart, startPath } from "../../words/starts";

/** What else may be begun from a grant: a report of wrong data, a dispute. */
export function GrantStarts({ grant }: { grant: Grant }) {
  const starts = useStarts().data ?? [];
  const own = useMe().data?.department.id;
  const door = own === grant.consumer ? starts.find(({ subject }) => subject === "sealed") : undefined;
  const dispute = disputeStart(starts, { consumer: grant.consumer, provider: grant.provider }, own);
  return (
    <>
      {door && (
        <Link to={startPath(door, grant.id)}>
          <Button>报告数据有误</Button>
        </Link>
      )}
      {dispute && (
        <Link to={startPath(dispute, grant.id)}>
          <Button>提出争议</Button>
        </Link>
      )}
    </>
  );
}
