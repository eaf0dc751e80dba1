import { Button, Result } from "antd";

/** A page that could not be fetched or drawn, as after an upgrade of the node. */
export function RouteFailure() {
  return (
    <Result
      status="warning"
      title="页面未能打开"
      subTitle="系统可能刚刚更新，请重新加载。已保存的内容不受影响。"
      extra={<Button onClick={() => location.reload()}>重新加载</Button>}
    />
  );
}
