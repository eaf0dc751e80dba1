import { Result } from "antd";
import { Link } from "react-router";

/** An address that leads nowhere. */
export function MissingPage() {
  return <Result status="info" title="没有这个页面" extra={<Link to="/todos">回到待办</Link>} />;
}
