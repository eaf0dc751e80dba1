import { Alert } from "antd";
import { Link } from "react-router";

/** An application that came of the cart. */
export interface Opened {
  id: string;
  number: string;
  name: string;
  stage: string;
}

/** What became of the cart. */
export function Applied({ opened }: { opened: readonly Opened[] }) {
  return (
    <Alert
      className="gap-below"
      type="success"
      showIcon
      role="status"
      message={`已为 ${opened.length} 项资源形成共享申请`}
      description={
        <ul className="plain-list">
          {opened.map((one) => (
            <li key={one.id}>
              <Link to={`/cases/${one.id}`}>
                {one.number} {one.name}
              </Link>{" "}
              <span className="quiet">{one.stage}</span>
            </li>
          ))}
        </ul>
      }
      action={<Link to="/todos">查看待办</Link>}
    />
  );
}
