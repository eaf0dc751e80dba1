import type { components } from "./schema";

type Schemas = components["schemas"];

export type Act = Schemas["Act"];
export type Action = Schemas["Action"];
export type Case = Schemas["Case"];
export type CaseView = Schemas["CaseView"];
export type Clock = Schemas["Clock"];
export type Entry = Schemas["Entry"];
export type Grant = Schemas["Grant"];
export type Item = Schemas["Item"];
export type Me = Schemas["Me"];
export type Notice = Schemas["Notice"];
export type Party = Schemas["Party"];
export type ResourceDetail = Schemas["ResourceDetail"];
export type ResourceSummary = Schemas["ResourceSummary"];
export type System = Schemas["System"];
export type Todo = Schemas["Todo"];
export type Version = Schemas["Version"];
