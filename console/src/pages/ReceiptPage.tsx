import { Card, Input } from "antd";
import { useNavigate, useParams } from "react-router";
import { PageTitle } from "../components/PageTitle";
import { ReceiptCard } from "../components/receipt/ReceiptCard";
import { Waiting } from "../components/Waiting";
import { useReceipt } from "../hooks/useReceipt";

function Found({ id }: { id: string }) {
  return <Waiting query={useReceipt(id)}>{(file) => <ReceiptCard id={id} file={file} />}</Waiting>;
}

/** The receipt of an act or a call: whoever has its ID can take the proof away and check it offline. */
export function ReceiptPage() {
  const { id } = useParams();
  const navigate = useNavigate();
  return (
    <>
      <PageTitle title="存证" note="每次办理、每次调用都写入只增不改的透明日志。凭编号取得凭据，可离线验证，无需信任本平台。" />
      <Card className="panel">
        <Input.Search
          aria-label="存证编号"
          placeholder="办理行为或调用的存证编号"
          enterButton="查询"
          className="mono"
          style={{ maxWidth: 560 }}
          defaultValue={id}
          key={id}
          onSearch={(text) => {
            const wanted = text.trim().toLowerCase();
            if (wanted) void navigate(`/receipts/${encodeURIComponent(wanted)}`);
          }}
        />
      </Card>
      {id && <Found id={id} />}
    </>
  );
}
