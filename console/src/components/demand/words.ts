import type { Demand } from "../../api/types";

export const demandStates: Readonly<Record<Demand["state"], string>> = {
  open: "办理中",
  answered: "已有目录可以申请",
  closed: "已办结",
};

export const demandColours: Readonly<Record<Demand["state"], string>> = { open: "blue", answered: "green", closed: "default" };
