import { DownloadOutlined } from "@ant-design/icons";
import { Button, Card, Descriptions, Space } from "antd";
import { Link } from "react-router";
import { useLedgerKey } from "../../hooks/useReceipt";
import { receiptWords, type ReceiptWords } from "../../words/receipt";
import { useStarts } from "../../hooks/useStarts";
import { saveFile } from "../../words/save";
import { moment } from "../../words/time";

/** From a call that gave wrong data to the report of it, for those who may report. */
function ReportLink({ id, words }: { id: string; words: ReceiptWords }) {
  const may = useStarts().data?.some(({ subject }) => subject === "sealed");
  const grant = words.facts["grant"];
  if (!may || words.kind !== "call" || typeof grant !== "string") return null;
  return (
    <Link to={`/corrections/new?grant=${encodeURIComponent(grant)}&source=${encodeURIComponent(id)}`}>
      <Button size="small">报告数据有误</Button>
    </Link>
  );
}

interface Props {
  id: string;
  /** The receipt file as the ledger gave it. */
  file: string;
}

const kinds: Readonly<Record<string, string>> = {
  act: "办理行为",
  call: "网关调用",
};

/** A receipt: what it says in short, and the files to take away. */
export function ReceiptCard({ id, file }: Props) {
  const words = receiptWords(file);
  const key = useLedgerKey().data;
  return (
    <>
      <Card
        size="small"
        className="panel"
        title="存证凭据"
        extra={
          <Space wrap>
            <ReportLink id={id} words={words} />
          <Button
            type="primary"
            size="small"
            icon={<DownloadOutlined />}
            onClick={() => saveFile("receipt.json", file, "application/json")}
          >
            下载 receipt.json
          </Button>
          </Space>
        }
      >
        <Descriptions
          size="small"
          column={{ xs: 1, sm: 1, md: 2, lg: 2, xl: 2, xxl: 2 }}
          items={[
            { key: "id", label: "存证编号", children: <code>{id}</code> },
            { key: "kind", label: "类别", children: kinds[words.kind] ?? words.kind },
            { key: "at", label: "时间", children: moment(words.at) },
            { key: "index", label: "日志位置", children: `${words.index}（从 0 起，检查点共 ${words.size} 条）` },
            { key: "hashes", label: "包含证明", children: `${words.hashes} 个散列值` },
          ]}
        />
        <h2 className="small-title">记录内容（只含摘要与元数据）</h2>
        <pre className="code-block">{JSON.stringify(words.facts, null, 2)}</pre>
        <h2 className="small-title">签名检查点</h2>
        <pre className="code-block">{words.checkpoint}</pre>
      </Card>
      <Card
        size="small"
        title="离线验证"
        extra={
          <Button
            size="small"
            icon={<DownloadOutlined />}
            disabled={key === undefined}
            onClick={() => key !== undefined && saveFile("ledger.pub", key, "text/plain")}
          >
            下载 ledger.pub
          </Button>
        }
      >
        <pre className="code-block">shuqiao proof verify receipt.json --key ledger.pub</pre>
        <p className="quiet">公钥请另经其他途径核对（如公告、函件），不要只凭本页面。</p>
      </Card>
    </>
  );
}
