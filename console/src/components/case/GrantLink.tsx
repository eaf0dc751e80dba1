import { Alert } from "antd";
import { Link } from "react-router";
import type { CaseView } from "../../api/types";
import { useGrants } from "../../hooks/useGrants";
import { subjectKind } from "../../words/subject";

/** From an application that was agreed to, to the grant it gave. */
export function GrantLink({ view }: { view: CaseView }) {
  const agreed = subjectKind(view.procedure) === "resource" && view.acts.some((act) => act.action === "agree");
  const grants = useGrants({ resource: view.subject }, agreed);
  const grant = grants.data?.pages.flatMap((page) => page.items).find((one) => one.case === view.id);
  if (!grant) return null;
  return (
    <Alert
      className="panel"
      type="success"
      showIcon
      message={
        <>
          已形成授权，<Link to={`/grants/${grant.id}`}>查看授权与调用方法</Link>
        </>
      }
    />
  );
}
