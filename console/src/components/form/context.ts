import type { Item, System } from "../../api/types";
import { day } from "../../words/time";
import type { FormContext, ItemOption, RecordOption } from "./model";

/** A data item as forms offer it. */
export function itemOption(item: Item): ItemOption {
  return {
    code: item.code,
    name: item.name ?? item.code,
    level: item.level ?? "",
    masked: item.masked ?? false,
    sensitivity: item.sensitivity ?? "",
  };
}

/** A system as forms offer it, with what would make the server refuse it (XN-21). */
export function systemOption(system: System, now: Date): RecordOption {
  let warning: string | undefined;
  if (system.disabled_at) warning = "已停用";
  else if (!system.mlps) warning = "未备案等保测评";
  else if (new Date(system.mlps.valid_until) <= now) warning = `等保测评已于 ${day(system.mlps.valid_until)} 到期`;
  return { id: system.id, name: system.name, warning };
}

/** A form that knows nothing beyond its fields. */
export const noContext: FormContext = { items: [], systems: [], methods: [], purposes: [], names: {}, asked: {} };
