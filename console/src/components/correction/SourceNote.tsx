import { useReceipt } from "../../hooks/useReceipt";
import { useSettled } from "../../hooks/useSettled";
import { receiptWords } from "../../words/receipt";
import { moment } from "../../words/time";

const whole = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

function Looked({ id }: { id: string }) {
  const receipt = useReceipt(id);
  if (receipt.error) return <>存证中没有这个编号</>;
  if (receipt.data === undefined) return <>正在查找存证</>;
  const { kind, at } = receiptWords(receipt.data);
  return kind === "call" ? <>{moment(at)} 的网关调用</> : <>{moment(at)} 的存证，不是网关调用：批次请以批次的存证编号为准</>;
}

/** Says what a receipt's number stands for, so that a wrong one is seen before it is sent. */
export function SourceNote({ id }: { id: string | undefined }) {
  const settled = useSettled((id ?? "").trim().toLowerCase());
  if (!whole.test(settled)) return <>编号随调用应答返回，也记在本部门系统的日志中</>;
  return <Looked id={settled} />;
}
