import { Spin } from "antd";

/** Shown until the first page is there. */
export function StartingUp() {
  return (
    <div className="starting-up" role="status" aria-label="正在打开">
      <Spin size="large" />
    </div>
  );
}
