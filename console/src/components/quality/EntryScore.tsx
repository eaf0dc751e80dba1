import type { EntryQuality } from "../../api/types";
import { moment } from "../../words/time";

/** What an entry itself lacks. */
export function EntryScore({ entry }: { entry: EntryQuality }) {
  return (
    <>
      {entry.findings.length === 0 ? (
        <p className="told">没有发现不足。</p>
      ) : (
        <ul className="plain-list">
          {entry.findings.map((finding) => (
            <li key={finding.kind}>
              {finding.text}
              {finding.checked > 1 && <span className="quiet">（{finding.checked} 个中有 {finding.failed} 个）</span>}
            </li>
          ))}
        </ul>
      )}
      <span className="quiet">
        第 {entry.version} 版，{moment(entry.at)} 评分。
      </span>
    </>
  );
}
