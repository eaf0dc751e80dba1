import { Button, Card, Form, Input, InputNumber } from "antd";
import { useState, type ChangeEvent } from "react";
import type { CalendarYear } from "../../api/types";
import { useCalendar, useFileNotice } from "../../hooks/useCalendar";
import { useFormFaults } from "../../hooks/useFormFaults";
import { noticeRequest, readNotice, type NoticeFile } from "../../words/workdays";
import { ProblemAlert } from "../ProblemAlert";
import { Impact } from "./Impact";

interface Values {
  year?: number | null;
  title?: string;
  document?: string;
  reason?: string;
}

const names = ["year", "title", "document", "reason"];

function known(years: readonly CalendarYear[] | undefined, year: number | null | undefined) {
  return years?.find((one) => one.year === year);
}

/** Loads a year's notice: first what it would change, then for good. */
export function NoticeForm({ onFiled, onClose }: { onFiled: (year: number) => void; onClose: () => void }) {
  const [form] = Form.useForm<Values>();
  const faults = useFormFaults(form);
  const [file, setFile] = useState<NoticeFile>();
  const [name, setName] = useState("");
  const send = useFileNotice();
  const year = Form.useWatch("year", form) ?? undefined;
  const lookable = year !== undefined && year >= 1990 && year <= 2100;
  const now = known(useCalendar(lookable ? year : 2026, lookable ? year : 2026).data, year);
  // The year has a notice already: this one corrects it.
  const replaces = now?.id || undefined;
  const [tried, setTried] = useState("");

  const choose = async (event: ChangeEvent<HTMLInputElement>) => {
    const chosen = event.target.files?.[0];
    if (!chosen) return;
    setName(chosen.name);
    send.reset();
    faults.clear();
    const read = readNotice(await chosen.text().catch(() => ""));
    setFile(read);
    form.setFieldsValue({ year: read.year, title: read.title ?? form.getFieldValue("title"), document: read.document });
  };

  // What was tried is what is filed: a change of the form asks for another trial.
  const request = (values: Values, dryRun: boolean) => noticeRequest(file ?? {}, values, replaces, dryRun);
  const key = (values: Values) => JSON.stringify(request(values, true));
  const go = (values: Values, dryRun: boolean) => {
    faults.clear();
    send.mutate(request(values, dryRun), {
      onSuccess: () => {
        setTried(dryRun ? key(values) : "");
        if (!dryRun && values.year) onFiled(values.year);
      },
      onError: (error) => {
        setTried("");
        faults.show(error, { names });
      },
    });
  };
  const watched = Form.useWatch([], form) as Values | undefined;
  const outcome = send.data;
  const ready = outcome?.dry_run === true && tried !== "" && tried === key(watched ?? {});

  if (outcome && !outcome.dry_run) {
    return (
      <Card size="small" title={outcome.notice.title} className="panel" extra={<Button onClick={onClose}>完成</Button>}>
        <Impact outcome={outcome} />
      </Card>
    );
  }
  return (
    <Card size="small" title="载入放假通知" className="panel" extra={<Button onClick={onClose}>取消</Button>}>
      <ProblemAlert error={faults.refusal?.problem} faults={faults.refusal?.above} />
      <Form<Values> form={form} layout="vertical" onValuesChange={faults.mend} onFinish={(values) => go(values, !ready)}>
        <Form.Item
          label="通知的日期安排（JSON 或者 CSV 文件）"
          required
          validateStatus={file?.fault ? "error" : undefined}
          help={
            file?.fault ??
            (file ? `已读取：${name}${file.days ? `，${file.days.length} 个日期` : ""}` : "CSV 每行：日期,名称,类型（放假或上班）；JSON 同发布包中的 law/workdays")
          }
        >
          <input type="file" accept=".json,.csv,.txt" aria-label="选择放假安排文件" onChange={(event) => void choose(event)} />
        </Form.Item>
        <div className="form-grid">
          <Form.Item name="year" label="年份" rules={[{ required: true, message: "请填写年份" }]}>
            <InputNumber className="wide" precision={0} min={1990} max={2100} />
          </Form.Item>
          <Form.Item name="document" label="文号">
            <Input maxLength={100} placeholder="国办发明电〔2026〕7号" />
          </Form.Item>
        </div>
        <Form.Item name="title" label="通知标题" rules={[{ required: true, whitespace: true, message: "请填写通知标题" }]}>
          <Input maxLength={200} placeholder="《国务院办公厅关于2027年部分节假日安排的通知》" />
        </Form.Item>
        {replaces && (
          <Form.Item
            name="reason"
            label={`${year} 年已有放假安排（${now?.source ?? ""}），请写明更正的理由`}
            rules={[{ required: true, whitespace: true, message: "更正已有的放假安排须写明理由" }]}
          >
            <Input.TextArea autoSize={{ minRows: 2, maxRows: 6 }} maxLength={1000} showCount />
          </Form.Item>
        )}
        <div className="buttons">
          <Button
            htmlType={ready ? "button" : "submit"}
            type={ready ? "default" : "primary"}
            disabled={!file || Boolean(file.fault)}
            loading={send.isPending && !ready}
            onClick={ready ? () => go(form.getFieldsValue(), true) : undefined}
          >
            试算影响
          </Button>
          <Button htmlType={ready ? "submit" : "button"} type={ready ? "primary" : "default"} disabled={!ready} loading={send.isPending && ready}>
            载入
          </Button>
          {!ready && <span className="quiet">先试算，看过影响后才能载入。</span>}
        </div>
      </Form>
      {outcome && (
        <div className="gap-above">
          <Impact outcome={outcome} />
        </div>
      )}
    </Card>
  );
}
