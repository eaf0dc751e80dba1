import { Card, Typography } from "antd";
import type { Grant } from "../../api/types";
import { callExample } from "./callExample";

/** How the consuming system calls under a grant. */
export function HowToCall({ grant }: { grant: Grant }) {
  const example = callExample(grant, location.origin);
  return (
    <Card
      size="small"
      title="调用方法"
      extra={
        <Typography.Text copyable={{ text: example, tooltips: ["复制命令", "已复制"] }}>复制</Typography.Text>
      }
    >
      <pre className="code-block">{example}</pre>
      <p className="quiet">
        系统以双向 TLS 证书证明身份；也可以用客户端断言（RFC 7523）向 <code>/share/token</code> 换取令牌，以{" "}
        <code>Authorization: Bearer</code> 携带。用途与操作人员（本系统的账号，可用百分号编码）必须写明，每次调用（含被拒绝的）都写入存证，应答带回存证编号。
      </p>
    </Card>
  );
}
